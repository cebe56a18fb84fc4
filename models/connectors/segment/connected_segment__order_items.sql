{{ config(enabled=is_connected('segment', 'raw_order_items')) }}

with

reports as (

    select
        *,
        row_number() over (partition by source_system, order_id order by report_number) as list_number

    from {{ ref('crm_segmentation', 'connected_segment__order_reports') }}

    where
        source_system in ({{ instances_feeding('segment', 'raw_order_items') }})
        and order_id is not null
        and product_list is not null

),

first_lists as (

    select * from reports
    where list_number = 1

),

lines as (

    select
        contact_system as source_system,
        order_id as source_order_id,
        item_position as line_number,
        loaded_at,
        {%- for name in ['product_id', 'id', 'sku', 'name', 'quantity'] %}
        {{ tidy_text(json_value('item', 'json', [name])) }} as {{ 'item_' ~ name }},
        {%- endfor %}
        {{ tidy_text(json_value('item', 'json', ['price'])) }} as item_price

    from {{ json_items('first_lists', 'product_list', 'text') }}

),

order_items as (

    select
        source_system,
        source_order_id,
        line_number,
        loaded_at,
        coalesce(item_product_id, item_id, item_sku, item_name) as source_product_id,
        coalesce({{ parse_decimal('item_quantity') }}, 1) as quantity,
        {{ parse_decimal('item_price') }} as unit_price

    from lines

)

select * from order_items
