{{ config(enabled=is_connected('dynamics', 'raw_products')) }}

with

landed_products as (

    select * from {{ ref('crm_segmentation', 'landed_dynamics__products') }}
    where source_system in ({{ instances_feeding('dynamics', 'raw_products') }})

),

products as (

    select
        landed_products.product_id as source_product_id,
        landed_products.product_name,
        landed_products.loaded_at,
        families.product_name as category

    from landed_products

    left join landed_products as families
        on landed_products.source_system = families.source_system and landed_products.family_id = families.product_id

)

select * from products
