{{ config(enabled=is_connected('shopify', 'raw_order_items')) }}

with

order_lines as (

    select * from {{ ref('crm_segmentation', 'landed_shopify__order_lines') }}
    where source_system in ({{ instances_feeding('shopify', 'raw_order_items') }})

),

-- A line written by hand, or of a product that was deleted, has no product: its stock-keeping unit or its name stands for one.
order_items as (

    select
        source_system,
        order_id as source_order_id,
        quantity,
        loaded_at,
        cast(coalesce(unit_price, line_total / nullif(quantity, 0)) as numeric(18, 4)) as unit_price,
        coalesce(product_id, sku, title) as source_product_id,
        row_number() over (
            partition by source_system, order_id
            order by coalesce(line_index, 0), length(order_line_id), {{ by_code_point('order_line_id') }}
        ) as line_number

    from order_lines

)

select * from order_items
