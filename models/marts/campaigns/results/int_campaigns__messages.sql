with

message_events as (

    select * from {{ ref('int_campaigns__events') }}
    where campaign_id is not null and event_name like 'message_%'

),

-- A click tells that the message was opened and an opening that it arrived, where the mailer kept quiet about it.
messages as (

    select
        campaign_id,
        contact_id,
        min(channel) as channel,
        min(occurred_at) as sent_at,
        min(case when event_name in ('message_delivered', 'message_opened', 'message_clicked', 'message_replied') then occurred_at end)
            as delivered_at,
        min(case when event_name in ('message_opened', 'message_clicked', 'message_replied') then occurred_at end) as opened_at,
        min(case when event_name = 'message_clicked' then occurred_at end) as clicked_at,
        min(case when event_name = 'message_replied' then occurred_at end) as replied_at,
        min(case when event_name = 'message_bounced' then occurred_at end) as bounced_at,
        min(case when event_name = 'message_unsubscribed' then occurred_at end) as unsubscribed_at,
        min(case when event_name = 'message_complained' then occurred_at end) as complained_at

    from message_events

    group by campaign_id, contact_id

)

select * from messages
