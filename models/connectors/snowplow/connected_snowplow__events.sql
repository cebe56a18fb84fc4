{{ config(enabled=is_connected('snowplow', 'raw_events')) }}

with

-- A ping says that a page is still open, and a refund is nobody's act. A line of an order formerly was an event of its own.
acts as (

    select
        *,
        case when event_name in ('event', 'struct') then structured_action else coalesce(ecommerce_action, event_name) end as act_name

    from {{ ref('crm_segmentation', 'connected_snowplow__acts') }}

    where
        source_system in ({{ instances_feeding('snowplow', 'raw_events') }})
        and event_name not in ('page_ping', 'transaction_item', 'application_error', 'web_vitals')
        and coalesce(ecommerce_action, '') not in ('refund', 'trns_error')

),

events as (

    select
        contact_system as source_system,
        event_id,
        user_id as source_contact_id,
        anonymous_id,
        occurred_at,
        received_at,
        page_path,
        campaign as campaign_id,
        product_id as source_product_id,
        loaded_at,
        coalesce(order_total, price, structured_value) as event_value,
        case
            when act_name = 'product_view' then 'product_viewed'
            when act_name = 'remove_from_cart' then 'cart_removed'
            when act_name = 'checkout_step' then 'checkout_started'
            when act_name = 'transaction' then 'purchase'
            when act_name in ('list_view', 'list_click', 'promo_view', 'promo_click', 'link_click') then 'visited'
            else act_name
        end as event_name,
        case when platform in ('mob', 'app') then 'app' when platform = 'web' then 'web' end as channel,
        case when platform = 'mob' then 'mobile' end as device_type

    from acts

)

select * from events
