{{ config(enabled=is_connected('woocommerce')) }}

with

-- A list within an order has negative amounts, a table of refunds positive ones.
listed_refunds as (

    select
        source_system,
        refund_id,
        order_id,
        abs(amount) as amount

    from {{ ref('crm_segmentation', 'landed_woocommerce__refunds') }}

),

-- WooCommerce keeps a refund as an order of its own, negative and with the refund's number, and some exports show it so.
negative_orders as (

    select
        source_system,
        order_id as refund_id,
        parent_id as order_id,
        abs(total) as amount

    from {{ ref('crm_segmentation', 'landed_woocommerce__orders') }}

    where total < 0 and parent_id != '0'

),

all_refunds as (

    select * from listed_refunds

    union all

    select * from negative_orders

),

-- A refund that arrives in both ways counts once.
refund_amounts as (

    select
        source_system,
        refund_id,
        order_id,
        max(amount) as refund_amount

    from all_refunds

    group by source_system, refund_id, order_id

)

select * from refund_amounts
