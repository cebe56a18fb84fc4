{{ rebuilt_for_changes('int_orders__changed_contacts') }}

-- Guarantees every order that was kept. Only purchases of a known contact are numbered.
with

attributed as (

    select * from {{ ref('crm_segmentation', 'int_orders__attributed') }}
    where {{ is_changed('int_orders__changed_contacts') }}

),

numbered as (

    select
        *,
        case
            when is_purchase and contact_id is not null
                then row_number() over (partition by contact_id, is_purchase order by ordered_at asc, order_id asc)
        end as purchase_number,
        case
            when is_purchase and contact_id is not null
                then lag(ordered_on) over (partition by contact_id, is_purchase order by ordered_at asc, order_id asc)
        end as previous_purchase_on

    from attributed

),

orders as (

    select
        cast(order_id as {{ dbt.type_string() }}) as order_id,
        source_system,
        source_order_id,
        contact_id,
        ordered_at,
        ordered_on,
        cast(order_status as {{ dbt.type_string() }}) as order_status,
        is_purchase,
        not_a_purchase_reason,
        currency,
        cast(order_total as numeric(18, 4)) as order_total,
        cast(discount_total as numeric(18, 4)) as discount_total,
        cast(refund_total as numeric(18, 4)) as refund_total,
        net_amount,
        cast(purchase_number as {{ dbt.type_int() }}) as purchase_number,
        cast({{ days_between('previous_purchase_on', 'ordered_on') }} as {{ dbt.type_int() }}) as days_since_previous_purchase,
        promotion_code,
        sales_channel

    from numbered

)

select * from orders
