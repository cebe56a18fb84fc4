{{ config(enabled=feeding_systems('raw_contact_tags') | length > 0) }}

{{ connected_rows('raw_contact_tags') }}
