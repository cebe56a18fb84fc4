{{ rebuilt_for_changes('int_orders__changed_contacts') }}

-- Guarantees one row per contact with an order; who has bought nothing has no counts of purchases.
with

orders as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where contact_id is not null and {{ is_changed('int_orders__changed_contacts') }}

),

purchases as (

    select * from orders
    where is_purchase

),

totals as (

    select
        contact_id,
        cast(count(*) as {{ dbt.type_int() }}) as purchase_count,
        cast(sum(net_amount) as numeric(18, 2)) as net_spend_total,
        min(ordered_on) as first_purchase_on,
        max(ordered_on) as last_purchase_on,
        cast(count(case when {{ days_ago('ordered_on') }} <= 90 then 1 end) as {{ dbt.type_int() }}) as purchases_90_days,
        cast(count(case when {{ days_ago('ordered_on') }} <= 365 then 1 end) as {{ dbt.type_int() }}) as purchases_365_days,
        cast(
            coalesce(sum(case when {{ days_ago('ordered_on') }} <= 365 then net_amount end), 0) as numeric(18, 2)
        ) as net_spend_365_days,
        cast(count(promotion_code) as {{ dbt.type_int() }}) as promotion_purchase_count,
        {{ value_at_lowest('sales_channel', '-purchase_number') }} as last_sales_channel

    from purchases

    group by contact_id

),

order_counts as (

    select
        contact_id,
        cast(count(*) as {{ dbt.type_int() }}) as order_count,
        cast(count(case when refund_total > 0 then 1 end) as {{ dbt.type_int() }}) as refunded_order_count

    from orders

    group by contact_id

),

purchase_traits as (

    select
        order_counts.contact_id,
        order_counts.order_count,
        order_counts.refunded_order_count,
        totals.purchase_count,
        totals.net_spend_total,
        totals.purchases_90_days,
        totals.purchases_365_days,
        totals.net_spend_365_days,
        totals.promotion_purchase_count,
        totals.last_sales_channel,
        {{ rounded_ratio('totals.net_spend_total', 'nullif(totals.purchase_count, 0)', scale=2) }} as average_purchase_amount,
        totals.first_purchase_on,
        totals.last_purchase_on,
        {{ rounded_ratio(
            days_between('totals.first_purchase_on', 'totals.last_purchase_on'), 'nullif(totals.purchase_count - 1, 0)', scale=1
        ) }} as mean_days_between_purchases

    from order_counts

    left join totals on order_counts.contact_id = totals.contact_id

)

select * from purchase_traits
