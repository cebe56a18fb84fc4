{{ config(enabled=is_connected('klaviyo', 'raw_events')) }}

with

named_events as (

    select
        profile_events.*,
        -- An event of a kind that did not land has an empty name: staging rejects it and tells, nothing passes over it.
        lower(coalesce(profile_events.metric_name, metrics.metric_name, '')) as metric

    from {{ ref('crm_segmentation', 'landed_klaviyo__events') }} as profile_events

    left join {{ ref('crm_segmentation', 'landed_klaviyo__metrics') }} as metrics
        on profile_events.source_system = metrics.source_system and profile_events.metric_id = metrics.metric_id

    where profile_events.source_system in ({{ instances_feeding('klaviyo', 'raw_events') }})

),

-- Orders come from the shop, and decisions are consents.
events as (

    select
        source_system,
        event_id,
        profile_id as source_contact_id,
        occurred_at,
        campaign_id,
        event_value,
        loaded_at,
        case
            when metric like '%sms%' then 'sms'
            when metric like '%push%' then 'push'
            when metric like '%email%' or metric = 'unsubscribed' then 'email'
            else 'web'
        end as channel,
        case metric
            when 'received email' then 'message_sent'
            when 'received sms' then 'message_sent'
            when 'received push' then 'message_sent'
            when 'opened email' then 'message_opened'
            when 'opened push' then 'message_opened'
            when 'clicked email' then 'message_clicked'
            when 'clicked sms' then 'message_clicked'
            when 'bounced email' then 'message_bounced'
            when 'marked email as spam' then 'message_complained'
            when 'unsubscribed' then 'message_unsubscribed'
            when 'unsubscribed from email marketing' then 'message_unsubscribed'
            when 'active on site' then 'page_viewed'
            when 'viewed product' then 'product_viewed'
            when 'added to cart' then 'cart_added'
            when 'started checkout' then 'checkout_started'
            when 'checkout started' then 'checkout_started'
            else metric
        end as event_name

    from named_events

    where
        metric not in ('placed order', 'ordered product', 'fulfilled order', 'cancelled order', 'refunded order')
        and metric not in ('dropped email', 'merged profile')
        and metric not like 'subscribed to %'

)

select * from events
