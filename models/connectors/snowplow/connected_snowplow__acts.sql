{{ config(enabled=is_connected('snowplow')) }}

with

-- An event may land twice, and browsers that fetch pages ahead give two events one key: what was received first is the event.
ranked_events as (

    select
        *,
        {{ contact_system('snowplow') }} as contact_system,
        row_number() over (
            partition by source_system, event_id
            order by
                received_at, occurred_at,
                {{ by_code_point("coalesce(user_id, '')") }}, {{ by_code_point("coalesce(domain_user_id, '')") }}
        ) as copy_number

    from {{ ref('crm_segmentation', 'landed_snowplow__events') }}

),

-- An event lists the products of an order or of a page: it is about one where it has one.
entities as (

    select
        source_system,
        event_id,
        max(ecommerce_action) as ecommerce_action,
        max(transaction_id) as transaction_id,
        max(revenue) as revenue,
        max(refund_amount) as refund_amount,
        max(case when product_id is null then currency end) as currency,
        max(discount_code) as discount_code,
        max(device_user_id) as device_user_id,
        max(case when is_machine then 1 else 0 end) as has_machine,
        case when count(distinct product_id) = 1 then max(product_id) end as product_id,
        case when count(distinct product_id) = 1 then max(price) end as price

    from {{ ref('crm_segmentation', 'landed_snowplow__entities') }}

    group by source_system, event_id

),

acts as (

    select
        ranked_events.source_system,
        ranked_events.contact_system,
        ranked_events.event_id,
        ranked_events.event_name,
        ranked_events.user_id,
        ranked_events.received_at,
        ranked_events.platform,
        ranked_events.page_path,
        ranked_events.campaign,
        ranked_events.structured_action,
        ranked_events.structured_value,
        ranked_events.loaded_at,
        entities.refund_amount,
        entities.discount_code,
        entities.product_id,
        entities.price,
        coalesce(entities.transaction_id, ranked_events.legacy_order_id) as order_id,
        coalesce(entities.revenue, ranked_events.legacy_total) as order_total,
        upper(coalesce(entities.currency, ranked_events.legacy_currency)) as currency,
        coalesce(ranked_events.ecommerce_action, entities.ecommerce_action) as ecommerce_action,
        coalesce(ranked_events.domain_user_id, entities.device_user_id) as anonymous_id,
        {{ tracked_at('ranked_events.occurred_at', 'ranked_events.received_at') }} as occurred_at

    from ranked_events

    left join entities on ranked_events.source_system = entities.source_system and ranked_events.event_id = entities.event_id

    where
        ranked_events.copy_number = 1
        and coalesce(entities.has_machine, 0) = 0
        and not {{ is_machine_agent('ranked_events.user_agent') }}

)

select * from acts
