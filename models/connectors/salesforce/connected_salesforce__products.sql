{{ config(enabled=is_connected('salesforce', 'raw_products')) }}

with

products as (

    select
        product_id as source_product_id,
        product_name,
        category,
        loaded_at

    from {{ ref('crm_segmentation', 'landed_salesforce__products') }}

    where source_system in ({{ instances_feeding('salesforce', 'raw_products') }})

)

select * from products
