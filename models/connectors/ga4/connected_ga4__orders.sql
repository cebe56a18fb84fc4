{{ config(enabled=is_connected('ga4', 'raw_orders')) }}

with

-- A purchase without its number cannot be told from its repetition.
transactions as (

    select
        user_id,
        transaction_id,
        event_name,
        event_id,
        occurred_at,
        coalesce(purchase_revenue, event_value) as purchase_revenue,
        refund_value,
        currency,
        loaded_at,
        {{ contact_system('ga4') }} as source_system

    from {{ ref('crm_segmentation', 'connected_ga4__whole_days') }}

    where
        source_system in ({{ instances_feeding('ga4', 'raw_orders') }})
        and transaction_id is not null
        and lower(transaction_id) != '(not set)'

),

-- Reloading the page of thanks sends the event again, so only the first event of an order number is the purchase.
ranked_purchases as (

    select
        *,
        row_number() over (
            partition by source_system, transaction_id
            order by occurred_at, {{ by_code_point('event_id') }}
        ) as purchase_number

    from transactions

    where event_name = 'purchase'

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
        ranked_purchases.source_system,
        ranked_purchases.transaction_id as source_order_id,
        ranked_purchases.user_id as source_contact_id,
        ranked_purchases.occurred_at as ordered_at,
        ranked_purchases.currency,
        ranked_purchases.purchase_revenue as order_total,
        ranked_purchases.loaded_at,
        'paid' as order_status,
        'web' as sales_channel,
        cast(
            case
                when refunds.has_whole_refund or refunds.refund_total > ranked_purchases.purchase_revenue then ranked_purchases.purchase_revenue
                else coalesce(refunds.refund_total, 0)
            end as numeric(18, 4)
        ) as refund_total

    from ranked_purchases

    left join refunds
        on ranked_purchases.source_system = refunds.source_system and ranked_purchases.transaction_id = refunds.transaction_id

    where ranked_purchases.purchase_number = 1

)

select * from orders
