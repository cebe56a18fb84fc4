{{ config(enabled=feeding_systems('raw_products') | length > 0) }}

{{ connected_rows('raw_products') }}
