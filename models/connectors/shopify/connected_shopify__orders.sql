{{ config(enabled=is_connected('shopify', 'raw_orders')) }}

-- Guarantees one currency for each shop, its own. A test order and a cancelled one keep their row and are told by the
-- status.
with

shop_orders as (

    select * from {{ ref('crm_segmentation', 'landed_shopify__orders') }}
    where source_system in ({{ instances_feeding('shopify', 'raw_orders') }})

),

refunds as (

    select * from {{ ref('crm_segmentation', 'connected_shopify__refund_amounts') }}

),

discount_codes as (

    select * from {{ ref('crm_segmentation', 'landed_shopify__discount_codes') }}

),

order_refunds as (

    select
        source_system,
        order_id,
        sum(refund_amount) as refund_total

    from refunds

    group by source_system, order_id

),

-- Of several codes the first: the contract has room for one.
first_codes as (

    select
        source_system,
        order_id,
        {{ value_at_lowest('code', 'coalesce(code_index, 0)') }} as promotion_code

    from discount_codes

    group by source_system, order_id

),

orders as (

    select
        shop_orders.source_system,
        shop_orders.order_id as source_order_id,
        shop_orders.customer_id as source_contact_id,
        shop_orders.email,
        shop_orders.phone,
        shop_orders.currency,
        shop_orders.total_price as order_total,
        shop_orders.total_discounts as discount_total,
        first_codes.promotion_code,
        shop_orders.updated_at,
        shop_orders.loaded_at,
        cast(coalesce(order_refunds.refund_total, 0) as numeric(18, 4)) as refund_total,
        coalesce(shop_orders.processed_at, shop_orders.created_at) as ordered_at,
        case
            when shop_orders.is_test then 'test'
            when shop_orders.cancelled_at is not null then 'cancelled'
            when lower(shop_orders.financial_status) = 'paid' and lower(shop_orders.fulfillment_status) = 'fulfilled' then 'fulfilled'
            else lower(shop_orders.financial_status)
        end as order_status,
        case lower(shop_orders.source_name)
            when 'pos' then 'store'
            when 'iphone' then 'app'
            when 'android' then 'app'
            else lower(shop_orders.source_name)
        end as sales_channel

    from shop_orders

    left join order_refunds on shop_orders.source_system = order_refunds.source_system and shop_orders.order_id = order_refunds.order_id

    left join first_codes on shop_orders.source_system = first_codes.source_system and shop_orders.order_id = first_codes.order_id

)

select * from orders
