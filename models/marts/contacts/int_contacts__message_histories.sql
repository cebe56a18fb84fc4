with

messages as (

    select * from {{ ref('int_activity__daily') }}
    where event_name like 'message_%' and channel != '' and visitor_type = 'contact'

),

contact_records as (

    select * from {{ ref('contact_records') }}

),

contact_messages as (

    select
        contact_records.contact_id,
        messages.channel,
        messages.event_name,
        messages.occurred_on,
        messages.event_count,
        messages.last_occurred_at

    from messages

    inner join contact_records
        on
            messages.source_system = contact_records.source_system
            and messages.visitor_id = contact_records.source_contact_id

),

message_histories as (

    select
        contact_id,
        channel,
        max(case when event_name = 'message_sent' then last_occurred_at end) as last_sent_at,
        max(case when event_name = 'message_bounced' then last_occurred_at end) as last_bounced_at,
        max(
            case when event_name in ('message_delivered', 'message_opened', 'message_clicked', 'message_replied') then last_occurred_at end
        ) as last_received_at,
        max(case when event_name = 'message_complained' then last_occurred_at end) as last_complained_at,
        max(case when event_name = 'message_unsubscribed' then last_occurred_at end) as last_unsubscribed_at,
        cast(
            sum(case when event_name = 'message_sent' and {{ days_ago('occurred_on') }} < 7 then event_count else 0 end) as bigint
        ) as messages_7_days

    from contact_messages

    group by contact_id, channel

)

select * from message_histories
