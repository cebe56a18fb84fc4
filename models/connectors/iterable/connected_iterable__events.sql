{{ config(enabled=is_connected('iterable', 'raw_events')) }}

with

events as (

    select
        source_system,
        event_id,
        user_key as source_contact_id,
        event_name,
        occurred_at,
        campaign_id,
        loaded_at,
        channel

    from {{ ref('crm_segmentation', 'connected_iterable__messages') }}

    where source_system in ({{ instances_feeding('iterable', 'raw_events') }})

    union all

    select
        source_system,
        {{ hashed_key(["'departure'", 'user_key', 'occurred_at', 'channel', "coalesce(message_id, '')"]) }} as event_id,
        user_key as source_contact_id,
        'message_unsubscribed' as event_name,
        occurred_at,
        campaign_id,
        loaded_at,
        channel

    from {{ ref('crm_segmentation', 'connected_iterable__departures') }}

    where source_system in ({{ instances_feeding('iterable', 'raw_events') }})

)

select * from events
