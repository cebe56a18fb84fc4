{{ config(materialized='view') }}

-- Guarantees every kept order once, with its amount or with the first reason why it is no purchase: a cancelled order
-- is not told for lack of a rate.
with

orders as (

    select * from {{ ref('crm_segmentation', 'stg_commerce__orders') }}

),

day_rates as (

    select * from {{ ref('crm_segmentation', 'int_commerce__day_rates') }}

),

priced as (

    select
        orders.*,
        case
            when orders.currency = '{{ var("reporting_currency") }}' then cast(1 as numeric(18, 8))
            else day_rates.rate_to_reporting_currency
        end as exchange_rate

    from orders

    left join day_rates on orders.currency = day_rates.currency and orders.ordered_on = day_rates.rated_on

),

exchanged as (

    select
        *,
        case
            when currency = '{{ var("reporting_currency") }}' then round(order_total - coalesce(refund_total, 0), 2)
            else {{ exchanged_amount('(order_total - coalesce(refund_total, 0))', 'exchange_rate') }}
        end as exchanged_amount

    from priced

),

converted as (

    select
        order_id,
        source_system,
        source_order_id,
        record_id,
        email_key,
        phone_key,
        ordered_at,
        ordered_on,
        order_status,
        currency,
        order_total,
        discount_total,
        refund_total,
        promotion_code,
        sales_channel,
        updated_at,
        lines_fingerprint,
        cast(case when not {{ is_too_large('exchanged_amount') }} then exchanged_amount end as numeric(18, 2)) as net_amount,
        {{ first_reason([
            ('not has_purchase_status', 'status'),
            ('order_total < 0', 'negative_total'),
            ('refund_total > 0 and refund_total >= order_total', 'wholly_refunded'),
            ('exchange_rate is null', 'no_exchange_rate'),
            (is_too_large('exchanged_amount'), 'amount_too_large'),
        ]) }} as not_a_purchase_reason

    from exchanged

)

select * from converted
