{{ config(enabled=is_connected('woocommerce', 'raw_products')) }}

with

products_of_shops as (

    select * from {{ ref('crm_segmentation', 'landed_woocommerce__products') }}
    where source_system in ({{ instances_feeding('woocommerce', 'raw_products') }})

),

-- Of several categories the first: the contract has room for one.
first_categories as (

    select
        source_system,
        product_id,
        {{ value_at_lowest('category', 'category_place') }} as category

    from {{ ref('crm_segmentation', 'landed_woocommerce__product_categories') }}

    group by source_system, product_id

),

products as (

    select
        products_of_shops.product_id as source_product_id,
        products_of_shops.title as product_name,
        first_categories.category,
        products_of_shops.price,
        products_of_shops.loaded_at

    from products_of_shops

    left join first_categories
        on products_of_shops.source_system = first_categories.source_system and products_of_shops.product_id = first_categories.product_id

)

select * from products
