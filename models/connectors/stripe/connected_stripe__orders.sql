{{ config(enabled=is_connected('stripe', 'raw_orders')) }}

with

charges as (

    select * from {{ ref('crm_segmentation', 'landed_stripe__charges') }}
    where source_system in ({{ instances_feeding('stripe', 'raw_orders') }})

),

-- A refund that failed or is on its way has paid nothing back. Stripe said nothing of old ones, which succeeded.
refunds as (

    select
        source_system,
        charge_id,
        sum(case when coalesce(lower(status), 'succeeded') = 'succeeded' then minor_amount else 0 end) as minor_amount

    from {{ ref('crm_segmentation', 'landed_stripe__refunds') }}

    group by source_system, charge_id

),

refunded_charges as (

    select
        charges.*,
        coalesce(refunds.minor_amount, charges.minor_amount_refunded, 0) as minor_refund_total

    from charges

    left join refunds on charges.source_system = refunds.source_system and charges.charge_id = refunds.charge_id

),

-- What was reserved and never taken is no part of an order. Stripe says it as a refund or, from March 2025 on, by what was captured alone.
orders as (

    select
        source_system,
        charge_id as source_order_id,
        customer_id as source_contact_id,
        email,
        phone,
        created_at as ordered_at,
        loaded_at,
        upper(currency) as currency,
        case
            when not coalesce(is_live, true) then 'test'
            when lower(status) = 'succeeded' and not coalesce(is_captured, true) then 'authorized'
            else lower(status)
        end as order_status,
        {{ from_minor_units(
            least_of(['minor_amount', 'case when is_captured then minor_amount_captured + minor_refund_total end']), 'currency'
        ) }} as order_total,
        {{ from_minor_units('minor_refund_total', 'currency') }} as refund_total

    from refunded_charges

)

select * from orders
