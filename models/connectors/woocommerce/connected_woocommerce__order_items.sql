{{ config(enabled=is_connected('woocommerce', 'raw_order_items')) }}

with

-- What a refund takes back is a line with a negative quantity and no part of a basket.
order_lines as (

    select * from {{ ref('crm_segmentation', 'landed_woocommerce__order_lines') }}
    where source_system in ({{ instances_feeding('woocommerce', 'raw_order_items') }}) and coalesce(quantity, 0) >= 0

),

-- A line written by hand, or of a product that was deleted, has the product 0: its stock-keeping unit or its name stands for one.
order_items as (

    select
        source_system,
        order_id as source_order_id,
        quantity,
        unit_price,
        loaded_at,
        coalesce(nullif(product_id, '0'), sku, title) as source_product_id,
        row_number() over (
            partition by source_system, order_id
            order by length(order_line_id), {{ by_code_point('order_line_id') }}
        ) as line_number

    from order_lines

)

select * from order_items
