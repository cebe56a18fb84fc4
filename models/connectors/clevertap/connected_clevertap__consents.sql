{{ config(enabled=is_connected('clevertap', 'raw_consents')) }}

-- Guarantees that a no is never lost: that of an event has a moment, that of a flag has none. There is no yes: every flag begins as true.
with

decisions as (

    -- Who left a channel that the event does not name has left the one that the address or number is of.
    select
        source_system,
        contact_system,
        person_key,
        occurred_at,
        loaded_at,
        coalesce(message_channel, case when email is null and phone is not null then 'sms' else 'email' end) as channel

    from {{ ref('crm_segmentation', 'connected_clevertap__acts') }}

    where shown_name = 'channel unsubscribed'
    {%- for channel in ['email', 'sms', 'push'] %}

    union all

    select
        source_system,
        contact_system,
        person_key,
        cast(null as timestamp) as occurred_at,
        loaded_at,
        '{{ channel }}' as channel

    from {{ ref('crm_segmentation', 'connected_clevertap__people') }}

    where not takes_{{ channel }}
    {%- endfor %}

),

consents as (

    select
        contact_system as source_system,
        person_key as source_contact_id,
        channel,
        occurred_at,
        loaded_at,
        'withdrawn' as consent_status,
        'clevertap' as consent_source

    from decisions

    where source_system in ({{ instances_feeding('clevertap', 'raw_consents') }}) and person_key is not null

)

select * from consents
