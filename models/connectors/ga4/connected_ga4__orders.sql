{{ config(enabled=is_connected('ga4', 'raw_orders')) }}

with

transactions as (

    select
        user_id,
        transaction_id,
        event_name,
        occurred_at,
        refund_value,
        currency,
        loaded_at,
        purchase_number,
        coalesce(purchase_revenue, event_value) as purchase_revenue,
        {{ contact_system('ga4') }} as source_system

    from {{ ref('crm_segmentation', 'connected_ga4__whole_days') }}

    where
        source_system in ({{ instances_feeding('ga4', 'raw_orders') }})
        and lower(transaction_id) != '(not set)'

),

-- A refund of a whole order has no amount.
refunds as (

    select
        source_system,
        transaction_id,
        sum(refund_value) as refund_total,
        max(case when refund_value is null then 1 else 0 end) = 1 as has_whole_refund

    from transactions

    where event_name = 'refund'

    group by source_system, transaction_id

),

orders as (

    select
        transactions.source_system,
        transactions.transaction_id as source_order_id,
        transactions.user_id as source_contact_id,
        transactions.occurred_at as ordered_at,
        transactions.currency,
        transactions.purchase_revenue as order_total,
        transactions.loaded_at,
        'paid' as order_status,
        'web' as sales_channel,
        cast(
            case
                when refunds.has_whole_refund or refunds.refund_total > transactions.purchase_revenue then transactions.purchase_revenue
                else coalesce(refunds.refund_total, 0)
            end as numeric(18, 4)
        ) as refund_total

    from transactions

    left join refunds
        on transactions.source_system = refunds.source_system and transactions.transaction_id = refunds.transaction_id

    where transactions.event_name = 'purchase' and transactions.purchase_number = 1

)

select * from orders
