{{ config(enabled=is_connected('clevertap', 'raw_order_items')) }}

with

charges as (

    select * from {{ ref('crm_segmentation', 'connected_clevertap__charges') }}
    where source_system in ({{ instances_feeding('clevertap', 'raw_order_items') }}) and items is not null

),

-- Companies name the properties of a line themselves: these are those of CleverTap's own examples.
lines as (

    select
        contact_system as source_system,
        order_id as source_order_id,
        item_position as line_number,
        {%- for column, names in {
            'source_product_id': ['Product ID', 'product_id', 'id', 'SKU', 'sku', 'Product name', 'name'],
            'item_quantity': ['Quantity', 'quantity'],
            'item_price': ['Price', 'price'],
        }.items() %}
        coalesce(
            {%- for name in names %}
            {{ tidy_text(json_value('item', 'json', [name])) }},
            {%- endfor %}
            null
        ) as {{ column }},
        {%- endfor %}
        loaded_at

    from {{ json_items('charges', 'items', 'text') }}

),

order_items as (

    select
        source_system,
        source_order_id,
        line_number,
        source_product_id,
        loaded_at,
        coalesce({{ parse_decimal('item_quantity') }}, 1) as quantity,
        {{ parse_decimal('item_price') }} as unit_price

    from lines

)

select * from order_items
