{{ config(enabled=feeding_systems('raw_contact_attributes') | length > 0) }}

{{ connected_rows('raw_contact_attributes') }}
