with

kept_rows as (

    select * from {{ ref('crm_segmentation', 'base_commerce__products') }}
    where row_status = 'kept'

),

tidied as (

    select
        source_product_id,
        product_name,
        lower(category) as category,
        cast({{ unless_negative('price') }} as numeric(18, 2)) as price,
        raw_price

    from kept_rows

)

select * from tidied
