{{ config(enabled=is_connected('moengage', 'raw_events')) }}

with

acts as (

    select
        *,
        lower(coalesce(event_name, event_code)) as shown_name

    from {{ ref('crm_segmentation', 'connected_moengage__acts') }}

    where source_system in ({{ instances_feeding('moengage', 'raw_events') }})

),

-- What MoEngage or a device does by itself is nobody's act, and neither is a message that was held back, put away or delayed.
events as (

    select
        contact_system as source_system,
        event_id,
        person_key as source_contact_id,
        device_id as anonymous_id,
        occurred_at,
        campaign_id,
        channel,
        loaded_at,
        case
            when message_event is not null then message_event
            when shown_name = 'app/site opened' then 'visited'
            when shown_name = 'viewed web page' then 'page_viewed'
            else event_code
        end as event_name

    from acts

    where
        message_event is not null
        or (
            code not like 'MOE_%'
            and code not like 'NOTIFICATION_%'
            and code not like 'MO_PUSH_%'
            and shown_name not in (
                'app exit', 'app update', 'user logout', 'user merged', 'device reinstall', 'device uninstall', 'user reinstall',
                'push id register android', 'user entered flow', 'user exited flow'
            )
        )
        or shown_name in ('app/site opened', 'viewed web page')

)

select * from events
