{{ config(enabled=feeding_systems('raw_consents') | length > 0) }}

{{ connected_rows('raw_consents') }}
