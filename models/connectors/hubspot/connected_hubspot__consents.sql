{{ config(enabled=is_connected('hubspot', 'raw_consents')) }}

-- Guarantees that a no is never lost, dated or not, and that a yes holds only while the flag of today does not say no.
with

portal_contacts as (

    select * from {{ ref('crm_segmentation', 'landed_hubspot__contacts') }}
    where source_system in ({{ instances_feeding('hubspot', 'raw_consents') }})

),

email_events as (

    select * from {{ ref('crm_segmentation', 'landed_hubspot__email_events') }}
    where upper(event_type) = 'STATUSCHANGE'

),

status_changes as (

    select * from {{ ref('crm_segmentation', 'landed_hubspot__status_changes') }}

),

dated_changes as (

    select
        email_events.source_system,
        email_events.occurred_at,
        email_events.loaded_at,
        lower(email_events.recipient) as recipient,
        upper(coalesce(status_changes.subscription_status, email_events.subscription_status)) as subscription_status

    from email_events

    left join status_changes
        on email_events.source_system = status_changes.source_system and email_events.event_id = status_changes.event_id

),

decisions as (

    -- A change names an address: it is a decision of everybody who has it. Whoever takes no e-mail today has taken a former yes back.
    select
        portal_contacts.source_system,
        portal_contacts.contact_id,
        dated_changes.occurred_at,
        dated_changes.loaded_at,
        case dated_changes.subscription_status when 'SUBSCRIBED' then 'granted' else 'withdrawn' end as consent_status

    from dated_changes

    inner join portal_contacts
        on dated_changes.source_system = portal_contacts.source_system and dated_changes.recipient = lower(portal_contacts.email)

    where
        dated_changes.subscription_status = 'UNSUBSCRIBED'
        or (dated_changes.subscription_status = 'SUBSCRIBED' and not coalesce(portal_contacts.has_opted_out, false))

    union all

    -- The flag is a no without a date. That it is not set is no yes: everybody has it so who was never asked.
    select
        source_system,
        contact_id,
        cast(null as timestamp) as occurred_at,
        loaded_at,
        'withdrawn' as consent_status

    from portal_contacts

    where has_opted_out

),

consents as (

    select
        source_system,
        contact_id as source_contact_id,
        consent_status,
        occurred_at,
        loaded_at,
        'email' as channel,
        'hubspot' as consent_source

    from decisions

)

select * from consents
