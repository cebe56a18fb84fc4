{{ config(enabled=is_connected('hubspot', 'raw_events')) }}

-- Guarantees each event once, of one contact, and none that a machine caused. A bounce that may pass is left out,
-- because it would hold the address back.
with

email_events as (

    select
        email_events.source_system,
        email_events.event_id,
        email_events.occurred_at,
        email_events.campaign_id,
        email_events.loaded_at,
        lower(email_events.recipient) as recipient,
        upper(email_events.event_type) as event_type,
        coalesce(bounces.bounce_status, email_events.bounce_status, '') as bounce_status,
        upper(coalesce(status_changes.subscription_status, email_events.subscription_status)) as subscription_status

    from {{ ref('crm_segmentation', 'landed_hubspot__email_events') }} as email_events

    left join {{ ref('crm_segmentation', 'landed_hubspot__bounces') }} as bounces
        on email_events.source_system = bounces.source_system and email_events.event_id = bounces.event_id

    left join {{ ref('crm_segmentation', 'landed_hubspot__status_changes') }} as status_changes
        on email_events.source_system = status_changes.source_system and email_events.event_id = status_changes.event_id

    -- What a machine opened or clicked is no answer of anybody, and what took the place of another event is the same event.
    where
        email_events.source_system in ({{ instances_feeding('hubspot', 'raw_events') }})
        and not coalesce(email_events.is_filtered, false)
        and email_events.obsoleted_by_id is null

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
            when 'STATUSCHANGE' then 'message_unsubscribed'
            else 'message_complained'
        end as event_name

    from email_events

    left join owners on email_events.source_system = owners.source_system and email_events.recipient = owners.email

    -- A mail server that takes no message today may take the next. Who left by no message has decided, which is a consent, and answered
    -- none.
    where
        email_events.event_type in ('SENT', 'DELIVERED', 'OPEN', 'CLICK', 'SPAMREPORT')
        or (email_events.event_type = 'BOUNCE' and email_events.bounce_status not like '4%')
        or (
            email_events.event_type = 'STATUSCHANGE'
            and email_events.subscription_status = 'UNSUBSCRIBED'
            and email_events.campaign_id is not null
        )

)

select * from events
