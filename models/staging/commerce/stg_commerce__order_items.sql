with

kept_rows as (

    select * from {{ ref('crm_segmentation', 'base_commerce__order_items') }}
    where row_status = 'kept'

),

tidied as (

    select
        {{ hashed_key(['source_system', 'source_order_id']) }} as order_id,
        source_system,
        source_order_id,
        line_number,
        source_product_id,
        quantity,
        unit_price

    from kept_rows

)

select * from tidied
