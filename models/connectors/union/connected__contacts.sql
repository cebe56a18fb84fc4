{{ config(enabled=feeding_systems('raw_contacts') | length > 0) }}

{{ connected_rows('raw_contacts') }}
