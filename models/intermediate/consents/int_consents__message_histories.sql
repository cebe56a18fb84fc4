-- Guarantees the newest moment of each kind for every contact and channel, whatever record or browser it came under.
with

{{ imports({'known_records': 'int_contacts__known_records', 'objections': 'int_consents__objections'}) }}

messages as (

    select * from {{ ref('crm_segmentation', 'int_activity__daily') }}
    where
        event_name in ('message_sent', 'message_delivered', 'message_opened', 'message_clicked', 'message_replied')
        and channel != ''

),

visitors as (

    select * from {{ ref('crm_segmentation', 'int_behaviour__visitors') }}
    where visitor_type = 'anonymous'

),

contact_messages as (

    select
        known_records.contact_id,
        messages.channel,
        messages.event_name,
        messages.last_occurred_at,
        {{ days_ago('messages.occurred_on') }} as days_ago,
        messages.event_count

    from messages

    inner join known_records
        on {{ hashed_key(['messages.source_system', 'messages.visitor_id']) }} = known_records.record_id

    where messages.visitor_type = 'contact'

    union all

    select
        visitors.contact_id,
        messages.channel,
        messages.event_name,
        messages.last_occurred_at,
        {{ days_ago('messages.occurred_on') }} as days_ago,
        messages.event_count

    from messages

    inner join visitors
        on
            {{ same_visitor('messages') }}

    union all

    select
        contact_id,
        channel,
        event_name,
        counts_from as last_occurred_at,
        cast(null as {{ dbt.type_int() }}) as days_ago,
        1 as event_count

    from objections

    where contact_id is not null

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
        {%- for days in range(1, 8) %}
        cast(
            sum(case when event_name = 'message_sent' and days_ago < {{ days }} then event_count else 0 end) as bigint
        ) as messages_{{ days }}_days,
        {%- endfor %}
        max(case when event_name = 'message_unsubscribed' then last_occurred_at end) as last_unsubscribed_at

    from contact_messages

    group by contact_id, channel

)

select * from message_histories
