{{ config(enabled=feeding_systems('raw_orders') | length > 0) }}

{{ connected_rows('raw_orders') }}
