{{ rebuilt_for_changes('int_orders__changed_contacts') }}

with

items as (

    select * from {{ ref('crm_segmentation', 'stg_commerce__order_items') }}

),

orders as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where {{ is_changed('int_orders__changed_contacts') }}

),

-- A line whose order is unknown or still to come has no day and no contact; it stays in staging.
order_items as (

    select
        cast({{ hashed_key(['items.order_id', 'items.line_number']) }} as {{ dbt.type_string() }}) as order_item_id,
        items.order_id,
        items.line_number,
        items.source_product_id,
        orders.contact_id,
        orders.ordered_on,
        orders.is_purchase,
        cast(items.quantity as numeric(18, 4)) as quantity,
        cast(items.unit_price as numeric(18, 4)) as unit_price,
        orders.currency

    from items

    inner join orders on items.order_id = orders.order_id

)

select * from order_items
