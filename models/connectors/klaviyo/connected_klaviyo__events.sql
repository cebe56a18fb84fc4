{{ config(enabled=is_connected('klaviyo', 'raw_events')) }}

with

named_events as (

    select * from {{ ref('crm_segmentation', 'connected_klaviyo__named_events') }}
    where source_system in ({{ instances_feeding('klaviyo', 'raw_events') }})

),

-- Klaviyo tells that a message was received, and of one that was received nobody doubts that it was sent: those are two events.
own_words as (
    {%- for metric, word in [
        ('received email', 'message_sent'), ('received email', 'message_delivered'),
        ('received sms', 'message_sent'), ('received sms', 'message_delivered'),
        ('received push', 'message_sent'), ('received push', 'message_delivered'),
        ('opened email', 'message_opened'), ('opened push', 'message_opened'),
        ('clicked email', 'message_clicked'), ('clicked sms', 'message_clicked'),
        ('bounced email', 'message_bounced'), ('marked email as spam', 'message_complained'),
        ('unsubscribed', 'message_unsubscribed'), ('unsubscribed from email marketing', 'message_unsubscribed'),
        ('unsubscribed from sms', 'message_unsubscribed'), ('unsubscribed from sms marketing', 'message_unsubscribed'),
        ('active on site', 'page_viewed'), ('viewed product', 'product_viewed'), ('added to cart', 'cart_added'),
        ('started checkout', 'checkout_started'), ('checkout started', 'checkout_started'),
    ] %}

    select
        '{{ metric }}' as metric,
        '{{ word }}' as event_name
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- Orders come from the shop, and decisions are consents. What a machine opened or clicked is no answer; a soft bounce, or a text message
-- that could not be delivered, may arrive yet.
events as (

    select
        named_events.source_system,
        named_events.profile_id as source_contact_id,
        named_events.occurred_at,
        named_events.campaign_id,
        named_events.source_product_id,
        named_events.event_value,
        named_events.loaded_at,
        case
            when own_words.event_name = 'message_delivered' then {{ dbt.concat(['named_events.event_id', "':delivered'"]) }}
            else named_events.event_id
        end as event_id,
        case
            when named_events.metric like '%sms%' then 'sms'
            when named_events.metric like '%push%' then 'push'
            when named_events.metric like '%email%' or named_events.metric = 'unsubscribed' then 'email'
            else 'web'
        end as channel,
        coalesce(own_words.event_name, named_events.metric) as event_name

    from named_events

    left join own_words on named_events.metric = own_words.metric

    where
        named_events.metric not in ('placed order', 'ordered product', 'fulfilled order', 'cancelled order', 'refunded order')
        and named_events.metric not in ('dropped email', 'failed to deliver sms', 'merged profile', 'consented to receive sms')
        and named_events.metric not like 'subscribed to %'
        and not (named_events.metric = 'opened email' and coalesce(named_events.is_machine_open, false))
        and not (named_events.metric like 'clicked %' and coalesce(named_events.is_bot_click, false))
        and not (named_events.metric = 'bounced email' and lower(coalesce(named_events.bounce_type, '')) like '%soft%')

)

select * from events
