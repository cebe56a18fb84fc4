{{ config(enabled=is_connected('iterable', 'raw_consents')) }}

-- Guarantees a no for whoever left a channel, a type of message or everything, or complained, and never a yes.
with

subjects as (

    select * from {{ ref('crm_segmentation', 'connected_iterable__subjects') }}

),

unsubscribed as (
    {%- for subject_kind in ['channel', 'message_type'] %}

    select
        source_system,
        user_key,
        '{{ subject_kind }}' as subject_kind,
        {{ subject_kind }}_id as subject_id,
        updated_at,
        loaded_at

    from {{ ref('crm_segmentation', 'landed_iterable__unsubscribed_' ~ subject_kind ~ 's') }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

-- Iterable knows who has left and not who has joined: being on a list, or on no list of those who left, is no yes.
noes as (

    select
        unsubscribed.source_system,
        unsubscribed.user_key,
        subjects.channel,
        min(unsubscribed.updated_at) as occurred_at,
        max(unsubscribed.loaded_at) as loaded_at

    from unsubscribed

    left join subjects
        on
            unsubscribed.source_system = subjects.source_system
            and unsubscribed.subject_kind = subjects.subject_kind
            and unsubscribed.subject_id = subjects.subject_id

    where coalesce(subjects.is_decision, true)

    group by unsubscribed.source_system, unsubscribed.user_key, subjects.channel

    union all

    select
        source_system,
        user_key,
        channel,
        occurred_at,
        loaded_at

    from {{ ref('crm_segmentation', 'connected_iterable__departures') }}

    union all

    select
        source_system,
        user_key,
        channel,
        occurred_at,
        loaded_at

    from {{ ref('crm_segmentation', 'connected_iterable__messages') }}

    where event_name = 'message_complained'

),

consents as (

    select
        source_system,
        channel,
        occurred_at,
        loaded_at,
        {{ address_as_key('user_key') }} as source_contact_id,
        'withdrawn' as consent_status,
        'iterable' as consent_source

    from noes

    where source_system in ({{ instances_feeding('iterable', 'raw_consents') }})

)

select * from consents
