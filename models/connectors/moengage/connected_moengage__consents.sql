{{ config(enabled=is_connected('moengage', 'raw_consents')) }}

with

-- Allowing notifications on a device is what many devices do by themselves, and is no yes.
consents as (

    select
        contact_system as source_system,
        person_key as source_contact_id,
        channel,
        occurred_at,
        loaded_at,
        'withdrawn' as consent_status,
        'moengage' as consent_source

    from {{ ref('crm_segmentation', 'connected_moengage__acts') }}

    where
        source_system in ({{ instances_feeding('moengage', 'raw_consents') }})
        and person_key is not null
        and code in ('MOE_EMAIL_UNSUBSCRIBE', 'MOE_PUSH_PERMISSION_STATE_BLOCKED')

)

select * from consents
