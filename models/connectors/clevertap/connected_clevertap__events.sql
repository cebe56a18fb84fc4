{{ config(enabled=is_connected('clevertap', 'raw_events')) }}

with

acts as (

    select * from {{ ref('crm_segmentation', 'connected_clevertap__acts') }}
    where source_system in ({{ instances_feeding('clevertap', 'raw_events') }})

),

-- A notification in an app or browser is shown, and one by e-mail is opened. What CleverTap or a device does by itself is nobody's act.
events as (

    select
        contact_system as source_system,
        event_id,
        person_key as source_contact_id,
        object_id as anonymous_id,
        occurred_at,
        campaign_id,
        app_version,
        product_id as source_product_id,
        amount as event_value,
        loaded_at,
        case
            when shown_name like 'notification%' or shown_name in ('channel unsubscribed', 'push impressions') then message_channel
            when lower(platform) in ('ios', 'android') then 'app'
            when lower(platform) = 'web' then 'web'
        end as channel,
        case
            when shown_name = 'notification sent' then 'message_sent'
            when shown_name in ('notification delivered', 'push impressions') then 'message_delivered'
            when shown_name = 'notification viewed' and message_channel = 'email' then 'message_opened'
            when shown_name = 'notification viewed' then 'message_delivered'
            when shown_name = 'notification clicked' then 'message_clicked'
            when shown_name = 'channel unsubscribed' then 'message_unsubscribed'
            when shown_name in ('app launched', 'utm visited', 'app installed', 'web session started') then 'visited'
            when shown_name = 'page browsed' then 'page_viewed'
            when shown_name = 'charged' then 'purchase'
            else event_name
        end as event_name

    from acts

    where
        shown_name not in (
            'app uninstalled', 'app version changed', 'session concluded', 'identity set', 'identity reset', 'identity error',
            'profile updated', 'state transitioned', 'reachable by', 'geocluster entered', 'geocluster exited', 'push unregistered',
            'notification failed'
        )

)

select * from events
