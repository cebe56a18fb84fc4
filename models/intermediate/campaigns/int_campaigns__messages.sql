{{ config(enabled=has_feature('campaigns')) }}

-- Guarantees one row per campaign, contact and time that a message was sent; what is not told of any is of the first.
with

message_events as (

    select * from {{ ref('crm_segmentation', 'int_campaigns__events') }}
    where campaign_id is not null and event_name like 'message_%'

),

pairs as (

    select
        campaign_id,
        contact_id,
        min(case when event_name = 'message_sent' then occurred_at end) as first_sent_at,
        max(case when event_name = 'message_sent' then occurred_at end) as last_sent_at,
        {{ message_moments() | indent(8) }}

    from message_events

    group by campaign_id, contact_id

),

-- What happens belongs to the last message sent before it; what is told before the first one was sent, to the first.
repeated_events as (

    select
        message_events.*,
        coalesce(
            max(case when message_events.event_name = 'message_sent' then message_events.occurred_at end) over (
                partition by message_events.campaign_id, message_events.contact_id
                order by message_events.occurred_at asc range between unbounded preceding and current row
            ), pairs.first_sent_at
        ) as belongs_to_sent_at

    from message_events

    inner join pairs on message_events.campaign_id = pairs.campaign_id and message_events.contact_id = pairs.contact_id

    where pairs.first_sent_at < pairs.last_sent_at

),

repeated_messages as (

    select
        campaign_id,
        contact_id,
        belongs_to_sent_at,
        {{ message_moments() | indent(8) }}

    from repeated_events

    group by campaign_id, contact_id, belongs_to_sent_at

),

all_messages as (

    select
        campaign_id,
        contact_id,
        1 as send_number,
        1 as contact_send_count,
        {{ message_moment_columns() | join(',\n        ') }}

    from pairs

    where first_sent_at is null or first_sent_at = last_sent_at

    union all

    select
        campaign_id,
        contact_id,
        cast(row_number() over (partition by campaign_id, contact_id order by belongs_to_sent_at asc) as {{ dbt.type_int() }})
            as send_number,
        cast(count(*) over (partition by campaign_id, contact_id) as {{ dbt.type_int() }}) as contact_send_count,
        {{ message_moment_columns() | join(',\n        ') }}

    from repeated_messages

),

-- What bounced reached nobody, unless it is heard of again later.
messages as (

    select
        *,
        bounced_at is null or coalesce(last_arrived_at > last_bounced_at, false) as is_touch

    from all_messages

)

select * from messages
