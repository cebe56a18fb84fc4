{{ config(enabled=is_connected('snowplow', 'raw_orders')) }}

with

-- A purchase without its number cannot be told from its repetition.
acts as (

    select * from {{ ref('crm_segmentation', 'connected_snowplow__acts') }}
    where source_system in ({{ instances_feeding('snowplow', 'raw_orders') }}) and order_id is not null

),

-- Reloading the page of thanks sends the event again under another key, so only the first event of an order number is the purchase.
ranked_purchases as (

    select
        *,
        row_number() over (partition by source_system, order_id order by occurred_at, {{ by_code_point('event_id') }}) as purchase_number

    from acts

    where order_total is not null

),

refunds as (

    select
        source_system,
        order_id,
        sum(refund_amount) as refund_total

    from acts

    where refund_amount is not null

    group by source_system, order_id

),

-- Nobody gets back more than was paid.
orders as (

    select
        ranked_purchases.contact_system as source_system,
        ranked_purchases.order_id as source_order_id,
        ranked_purchases.user_id as source_contact_id,
        ranked_purchases.occurred_at as ordered_at,
        ranked_purchases.currency,
        ranked_purchases.order_total,
        ranked_purchases.discount_code as promotion_code,
        ranked_purchases.loaded_at,
        'paid' as order_status,
        case when ranked_purchases.platform in ('mob', 'app') then 'app' else 'web' end as sales_channel,
        cast({{ least_of(['coalesce(refunds.refund_total, 0)', 'ranked_purchases.order_total']) }} as numeric(18, 4)) as refund_total

    from ranked_purchases

    left join refunds on ranked_purchases.source_system = refunds.source_system and ranked_purchases.order_id = refunds.order_id

    where ranked_purchases.purchase_number = 1

)

select * from orders
