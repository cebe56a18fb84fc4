{{ config(enabled=is_connected('woocommerce', 'raw_orders')) }}

with

-- A refund that stands as an order of its own is none.
shop_orders as (

    select
        *,
        {{ regexp_replace_all('lower(status)', '^wc-', '') }} as plain_status

    from {{ ref('crm_segmentation', 'landed_woocommerce__orders') }}

    where
        source_system in ({{ instances_feeding('woocommerce', 'raw_orders') }})
        and not (coalesce(total, 0) < 0 and coalesce(parent_id, '0') != '0')

),

order_refunds as (

    select
        source_system,
        order_id,
        sum(refund_amount) as refund_total

    from {{ ref('crm_segmentation', 'connected_woocommerce__refund_amounts') }}

    group by source_system, order_id

),

-- Of several codes the first: the contract has room for one.
first_codes as (

    select
        source_system,
        order_id,
        {{ value_at_lowest('code', 'code_place') }} as promotion_code

    from {{ ref('crm_segmentation', 'landed_woocommerce__order_coupons') }}

    group by source_system, order_id

),

-- The status refunded says that all was paid back, also where no refund has landed.
orders as (

    select
        shop_orders.source_system,
        shop_orders.order_id as source_order_id,
        shop_orders.email,
        shop_orders.phone,
        shop_orders.created_at as ordered_at,
        shop_orders.currency,
        shop_orders.total as order_total,
        shop_orders.discount_total,
        first_codes.promotion_code,
        shop_orders.updated_at,
        shop_orders.loaded_at,
        cast(
            coalesce(
                order_refunds.refund_total,
                case when shop_orders.plain_status = 'refunded' then shop_orders.total else 0 end
            ) as numeric(18, 4)
        ) as refund_total,
        nullif(shop_orders.customer_id, '0') as source_contact_id,
        case shop_orders.plain_status when 'auto-draft' then 'draft' else shop_orders.plain_status end as order_status,
        case lower(shop_orders.created_via)
            when 'checkout' then 'web'
            when 'store-api' then 'web'
            when 'pos-rest-api' then 'store'
            else lower(shop_orders.created_via)
        end as sales_channel

    from shop_orders

    left join order_refunds on shop_orders.source_system = order_refunds.source_system and shop_orders.order_id = order_refunds.order_id

    left join first_codes on shop_orders.source_system = first_codes.source_system and shop_orders.order_id = first_codes.order_id

)

select * from orders
