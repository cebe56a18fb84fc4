{{ config(enabled=is_connected('eloqua', 'raw_consents')) }}

-- Guarantees that a no is never lost, dated or not, and that a yes holds only while the flag of today does not say no.
with

contacts as (

    select * from {{ ref('crm_segmentation', 'landed_eloqua__contacts') }}
    where source_system in ({{ instances_feeding('eloqua', 'raw_consents') }})

),

decisions as (

    -- Everybody begins as subscribed, so that the flag is no yes.
    select
        source_system,
        contact_id,
        {{ in_utc('unsubscribed_at', 'eloqua') }} as occurred_at,
        loaded_at,
        'withdrawn' as consent_status

    from contacts

    where not is_subscribed

    union all

    select
        acts.source_system,
        acts.contact_id,
        acts.occurred_at,
        acts.loaded_at,
        case acts.kind when 'subscribe' then 'granted' else 'withdrawn' end as consent_status

    from {{ ref('crm_segmentation', 'connected_eloqua__acts') }} as acts

    inner join contacts on acts.source_system = contacts.source_system and acts.contact_id = contacts.contact_id

    where acts.kind = 'unsubscribe' or (acts.kind = 'subscribe' and coalesce(contacts.is_subscribed, true))

),

consents as (

    select
        source_system,
        contact_id as source_contact_id,
        occurred_at,
        loaded_at,
        consent_status,
        'email' as channel,
        'eloqua' as consent_source

    from decisions

)

select * from consents
