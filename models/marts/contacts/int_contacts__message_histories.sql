with

messages as (

    select * from {{ ref('int_activity__daily') }}
    where
        event_name like 'message_%'
        and (channel != '' or event_name in ('message_complained', 'message_unsubscribed'))

),

known_records as (

    select * from {{ ref('int_contacts__known_records') }}

),

visitors as (

    select * from {{ ref('int_contacts__visitors') }}
    where visitor_type = 'anonymous'

),

channels as (

    {{ channel_rule_rows() | indent(4) }}

),

contact_messages as (

    select
        known_records.contact_id,
        messages.channel,
        messages.event_name,
        messages.occurred_on,
        messages.event_count,
        messages.last_occurred_at

    from messages

    inner join known_records
        on {{ hashed_key(['messages.source_system', 'messages.visitor_id']) }} = known_records.record_id

    where messages.visitor_type = 'contact'

    union all

    select
        visitors.contact_id,
        messages.channel,
        messages.event_name,
        messages.occurred_on,
        messages.event_count,
        messages.last_occurred_at

    from messages

    inner join visitors
        on
            {{ same_visitor('messages') }}

),

-- Who objects and does not say to what, objects to every channel.
channel_messages as (

    select
        contact_id,
        channel,
        event_name,
        occurred_on,
        event_count,
        last_occurred_at

    from contact_messages

    where channel != ''

    union all

    select
        contact_messages.contact_id,
        channels.channel,
        contact_messages.event_name,
        contact_messages.occurred_on,
        contact_messages.event_count,
        contact_messages.last_occurred_at

    from contact_messages

    cross join channels

    where contact_messages.channel = ''

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

    from channel_messages

    group by contact_id, channel

)

select * from message_histories
