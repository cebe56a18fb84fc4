{{ config(enabled=feeding_systems('raw_contact_identifiers') | length > 0) }}

{{ connected_rows('raw_contact_identifiers') }}
