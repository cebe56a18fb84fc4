{{ config(enabled=is_connected('onesignal', 'raw_consents')) }}

with

-- Nobody is written to at an address that is invalid, and the table does not tell who left from what is dead: both are a no there. A device
-- dies when it is sold, which is no decision.
subscriptions as (

    select
        source_system,
        loaded_at,
        coalesce(external_id, subscription_id) as person_key,
        case device_type when 11 then 'email' when 14 then 'sms' else 'push' end as channel,
        coalesce(notification_state = -2, false) or (device_type in (11, 14) and coalesce(is_invalid, false)) as has_left,
        device_type not in (11, 14) and not coalesce(is_invalid, false) and coalesce(notification_state, 1) > 0 as is_live_device

    from {{ ref('crm_segmentation', 'landed_onesignal__subscriptions') }}

    where source_system in ({{ instances_feeding('onesignal', 'raw_consents') }})

),

-- Who has muted one device and gets messages on another has not left.
people as (

    select
        source_system,
        person_key,
        channel,
        max(loaded_at) as loaded_at

    from subscriptions

    group by source_system, person_key, channel

    having max(case when has_left then 1 else 0 end) = 1 and max(case when is_live_device then 1 else 0 end) = 0

),

consents as (

    select
        source_system,
        person_key as source_contact_id,
        channel,
        cast(null as timestamp) as occurred_at,
        loaded_at,
        'withdrawn' as consent_status,
        'onesignal' as consent_source

    from people

)

select * from consents
