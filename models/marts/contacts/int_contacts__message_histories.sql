with

events as (

    select * from {{ ref('stg_activity__events') }}
    where event_name like 'message_%' and channel is not null

),

contact_records as (

    select * from {{ ref('contact_records') }}

),

contact_events as (

    select
        contact_records.contact_id,
        events.channel,
        events.event_name,
        events.occurred_at

    from events

    inner join contact_records
        on
            events.source_system = contact_records.source_system
            and events.source_contact_id = contact_records.source_contact_id

),

message_histories as (

    select
        contact_id,
        channel,
        max(case when event_name = 'message_sent' then occurred_at end) as last_sent_at,
        max(case when event_name = 'message_bounced' then occurred_at end) as last_bounced_at,
        max(
            case when event_name in ('message_delivered', 'message_opened', 'message_clicked', 'message_replied') then occurred_at end
        ) as last_received_at,
        max(case when event_name = 'message_complained' then occurred_at end) as last_complained_at,
        max(case when event_name = 'message_unsubscribed' then occurred_at end) as last_unsubscribed_at,
        count(case when event_name = 'message_sent' and {{ days_ago('occurred_at') }} < 7 then 1 end) as messages_7_days

    from contact_events

    group by contact_id, channel

)

select * from message_histories
