with

staged_products as (

    select * from {{ ref('crm_segmentation', 'stg_commerce__products') }}

),

order_items as (

    select * from {{ ref('crm_segmentation', 'order_items') }}

),

sales as (

    select
        source_product_id,
        count(distinct order_id) as purchase_count,
        sum(quantity) as units_sold

    from order_items

    where is_purchase

    group by source_product_id

),

products as (

    select
        staged_products.source_product_id,
        staged_products.product_name,
        staged_products.category,
        staged_products.price,
        cast(coalesce(sales.purchase_count, 0) as {{ dbt.type_int() }}) as purchase_count,
        cast(coalesce(sales.units_sold, 0) as numeric(18, 4)) as units_sold,
        {{ as_of_date() }} as as_of_date

    from staged_products

    left join sales on staged_products.source_product_id = sales.source_product_id

)

select * from products
