{{ config(enabled=is_connected('shopify')) }}

-- The transactions say how much was paid back, where they are in the currency of the shop; else the refunded lines and adjustments do.
with

refunds as (

    select * from {{ ref('crm_segmentation', 'landed_shopify__refunds') }}

),

orders as (

    select * from {{ ref('crm_segmentation', 'landed_shopify__orders') }}

),

repayments as (

    select
        source_system,
        refund_id,
        upper(currency) as currency,
        sum(amount) as amount

    from {{ ref('crm_segmentation', 'landed_shopify__transactions') }}

    where lower(kind) = 'refund' and lower(status) = 'success' and refund_id is not null

    group by source_system, refund_id, upper(currency)

),

line_amounts as (

    select
        source_system,
        refund_id,
        sum(coalesce(subtotal, 0)) as subtotal,
        sum(coalesce(total_tax, 0)) as total_tax

    from {{ ref('crm_segmentation', 'landed_shopify__refund_lines') }}

    group by source_system, refund_id

),

adjustments as (

    select
        source_system,
        refund_id,
        sum(coalesce(amount, 0) + coalesce(tax_amount, 0)) as amount

    from {{ ref('crm_segmentation', 'landed_shopify__order_adjustments') }}

    group by source_system, refund_id

),

refund_amounts as (

    select
        refunds.source_system,
        refunds.refund_id,
        refunds.order_id,
        cast(
            coalesce(
                refunds.total_refunded,
                repayments.amount,
                coalesce(line_amounts.subtotal, 0)
                + case when coalesce(orders.taxes_included, false) then 0 else coalesce(line_amounts.total_tax, 0) end
                - coalesce(adjustments.amount, 0)
            ) as numeric(18, 4)
        ) as refund_amount

    from refunds

    inner join orders on refunds.source_system = orders.source_system and refunds.order_id = orders.order_id

    left join repayments
        on
            refunds.source_system = repayments.source_system
            and refunds.refund_id = repayments.refund_id
            and upper(orders.currency) = repayments.currency

    left join line_amounts on refunds.source_system = line_amounts.source_system and refunds.refund_id = line_amounts.refund_id

    left join adjustments on refunds.source_system = adjustments.source_system and refunds.refund_id = adjustments.refund_id

)

select * from refund_amounts
