{{ config(enabled=is_connected('segment', 'raw_orders')) }}

with

-- A purchase without its number cannot be told from its repetition. Who bought may stand in another report than the amount.
purchases as (

    select
        source_system,
        contact_system,
        order_id,
        min(reported_at) as ordered_at,
        {%- for column in ['user_id', 'email', 'currency', 'coupon', 'sales_channel'] %}
        {{ value_at_lowest(column, 'report_number') }} as {{ column }},
        {%- endfor %}
        min(case when report_number = 1 then order_total end) as order_total,
        min(case when report_number = 1 then discount_total end) as discount_total,
        max(loaded_at) as loaded_at

    from {{ ref('crm_segmentation', 'connected_segment__order_reports') }}

    where source_system in ({{ instances_feeding('segment', 'raw_orders') }}) and order_id is not null

    group by source_system, contact_system, order_id

),

refunds as (

    select
        source_system,
        order_id,
        sum(refund_amount) as refund_total,
        max(case when refund_amount is null then 1 else 0 end) as is_whole

    from {{ ref('crm_segmentation', 'landed_segment__refunds') }}

    group by source_system, order_id

),

cancellations as (

    select distinct
        source_system,
        order_id

    from {{ ref('crm_segmentation', 'landed_segment__cancellations') }}

),

-- Nobody gets back more than was paid, though the shop and its payments may both report a refund.
orders as (

    select
        purchases.contact_system as source_system,
        purchases.order_id as source_order_id,
        purchases.user_id as source_contact_id,
        purchases.email,
        purchases.ordered_at,
        purchases.currency,
        purchases.order_total,
        purchases.discount_total,
        purchases.coupon as promotion_code,
        purchases.sales_channel,
        purchases.loaded_at,
        case
            when cancellations.order_id is not null then 'cancelled'
            when refunds.is_whole = 1 then 'refunded'
            else 'paid'
        end as order_status,
        cast(
            case
                when refunds.is_whole = 1 then purchases.order_total
                else {{ least_of(['coalesce(refunds.refund_total, 0)', 'purchases.order_total']) }}
            end as numeric(18, 4)
        ) as refund_total

    from purchases

    left join refunds on purchases.source_system = refunds.source_system and purchases.order_id = refunds.order_id

    left join cancellations on purchases.source_system = cancellations.source_system and purchases.order_id = cancellations.order_id

)

select * from orders
