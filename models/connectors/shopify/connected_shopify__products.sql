{{ config(enabled=is_connected('shopify', 'raw_products')) }}

with

products_of_shops as (

    select * from {{ ref('crm_segmentation', 'landed_shopify__products') }}
    where source_system in ({{ instances_feeding('shopify', 'raw_products') }})

),

lowest_prices as (

    select
        source_system,
        product_id,
        min(price) as price

    from {{ ref('crm_segmentation', 'landed_shopify__product_variants') }}

    group by source_system, product_id

),

products as (

    select
        products_of_shops.product_id as source_product_id,
        products_of_shops.title as product_name,
        products_of_shops.product_type as category,
        lowest_prices.price,
        products_of_shops.loaded_at

    from products_of_shops

    left join lowest_prices
        on products_of_shops.source_system = lowest_prices.source_system and products_of_shops.product_id = lowest_prices.product_id

)

select * from products
