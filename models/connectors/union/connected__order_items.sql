{{ config(enabled=feeding_systems('raw_order_items') | length > 0) }}

{{ connected_rows('raw_order_items') }}
