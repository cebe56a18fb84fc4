with

message_histories as (

    select * from {{ ref('int_contacts__message_histories') }}

),

subscription_events as (

    select * from {{ ref('stg_activity__events') }}
    where event_name in ('subscription_started', 'subscription_cancelled')

),

complaint_tags as (

    select * from {{ ref('stg_people__contact_tags') }}
    where removed_at is null and tag in ({{ text_literals(var('complaint_tags')) }})

),

contact_records as (

    select * from {{ ref('contact_records') }}

),

signals as (

    select
        contact_id,
        last_sent_at,
        cast(null as timestamp) as subscription_started_at,
        cast(null as timestamp) as subscription_cancelled_at,
        0 as complaint_count

    from message_histories

    union all

    select
        contact_records.contact_id,
        cast(null as timestamp) as last_sent_at,
        case
            when subscription_events.event_name = 'subscription_started' then subscription_events.occurred_at
        end as subscription_started_at,
        case
            when subscription_events.event_name = 'subscription_cancelled' then subscription_events.occurred_at
        end as subscription_cancelled_at,
        0 as complaint_count

    from subscription_events

    inner join contact_records
        on
            subscription_events.source_system = contact_records.source_system
            and subscription_events.source_contact_id = contact_records.source_contact_id

    union all

    select
        contact_records.contact_id,
        cast(null as timestamp) as last_sent_at,
        cast(null as timestamp) as subscription_started_at,
        cast(null as timestamp) as subscription_cancelled_at,
        1 as complaint_count

    from complaint_tags

    inner join contact_records on complaint_tags.record_id = contact_records.record_id

),

relations as (

    select
        contact_id,
        max(last_sent_at) as last_message_at,
        max(subscription_started_at) is not null
        and max(subscription_started_at)
        > coalesce(max(subscription_cancelled_at), cast('1970-01-01 00:00:00' as timestamp)) as is_subscribed,
        sum(complaint_count) > 0 as has_open_complaint

    from signals

    group by contact_id

)

select * from relations
