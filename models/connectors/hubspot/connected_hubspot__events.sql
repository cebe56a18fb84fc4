{{ config(enabled=is_connected('hubspot', 'raw_events')) }}

with

email_events as (

    select
        source_system,
        event_id,
        occurred_at,
        campaign_id,
        loaded_at,
        lower(recipient) as recipient,
        upper(event_type) as event_type

    from {{ ref('crm_segmentation', 'landed_hubspot__email_events') }}

    -- What a machine opened or clicked is no answer of anybody, and what took the place of another event is the same event.
    where
        source_system in ({{ instances_feeding('hubspot', 'raw_events') }})
        and not coalesce(is_filtered, false)
        and obsoleted_by_id is null

),

-- An event names an address. Where several contacts have it, the oldest stands for them, so that no event is counted twice.
owners as (

    select
        source_system,
        lower(email) as email,
        {{ value_at_lowest('contact_id', 'created_at') }} as contact_id

    from {{ ref('crm_segmentation', 'landed_hubspot__contacts') }}

    where email is not null

    group by source_system, lower(email)

),

events as (

    select
        email_events.source_system,
        email_events.event_id,
        owners.contact_id as source_contact_id,
        email_events.occurred_at,
        email_events.campaign_id,
        email_events.loaded_at,
        'email' as channel,
        case email_events.event_type
            when 'SENT' then 'message_sent'
            when 'DELIVERED' then 'message_delivered'
            when 'OPEN' then 'message_opened'
            when 'CLICK' then 'message_clicked'
            when 'BOUNCE' then 'message_bounced'
            else 'message_complained'
        end as event_name

    from email_events

    left join owners on email_events.source_system = owners.source_system and email_events.recipient = owners.email

    where email_events.event_type in ('SENT', 'DELIVERED', 'OPEN', 'CLICK', 'BOUNCE', 'SPAMREPORT')

)

select * from events
