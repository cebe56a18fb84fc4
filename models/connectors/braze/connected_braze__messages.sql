{{ config(enabled=is_connected('braze')) }}

with

named_messages as (

    select
        source_system,
        event_id,
        user_id,
        occurred_at,
        campaign_id,
        loaded_at,
        case
            when table_name like '%email%' then 'email'
            when table_name like '%push%' then 'push'
            when table_name like '%sms%' then 'sms'
            else 'whatsapp'
        end as channel,
        lower({{ regexp_replace_all(
            "coalesce(event_type, replace(replace(table_name, '_shared', ''), '_', '.'))", '^.*[.]', ''
        ) }}) as message_action

    from {{ ref('crm_segmentation', 'landed_braze__messages') }}

    -- What a machine opened or clicked is no answer of anybody, and a button that puts a message away opens nothing.
    where
        lower(coalesce(machine_open, 'false')) in ('false', '0')
        and not coalesce(is_bot_click, false)
        and lower(coalesce(button_action, '')) != 'close'

),

messages as (

    select
        source_system,
        event_id,
        user_id,
        occurred_at,
        campaign_id,
        loaded_at,
        channel,
        case message_action
            when 'send' then 'message_sent'
            when 'delivery' then 'message_delivered'
            when 'open' then 'message_opened'
            when 'read' then 'message_opened'
            when 'click' then 'message_clicked'
            when 'clicks' then 'message_clicked'
            when 'shortlinkclick' then 'message_clicked'
            when 'bounce' then 'message_bounced'
            when 'markasspam' then 'message_complained'
            when 'unsubscribe' then 'message_unsubscribed'
        end as event_name

    from named_messages

    -- A soft bounce may arrive yet; retries, deferrals and what was never sent tell nothing of anybody.
    where
        message_action in ('send', 'delivery', 'open', 'read', 'click', 'clicks', 'shortlinkclick', 'bounce', 'markasspam', 'unsubscribe')

)

select * from messages
