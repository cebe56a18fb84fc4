{{ config(enabled=is_connected('iterable')) }}

with

subjects as (

    select * from {{ ref('crm_segmentation', 'connected_iterable__subjects') }}

),

events as (

    select
        *,
        lower(replace(coalesce(event_name, table_name), '_', '')) as event_kind,
        lower(coalesce(unsubscribe_source, '')) as source_kind,
        {{ dbt.concat(["','", regexp_replace_all("coalesce(channel_ids, '')", '[^0-9,]', ''), "','"]) }} as left_channels,
        {{ dbt.concat(["','", regexp_replace_all("coalesce(message_type_ids, '')", '[^0-9,]', ''), "','"]) }} as left_message_types

    from {{ ref('crm_segmentation', 'landed_iterable__events') }}

),

-- A hard bounce unsubscribes an address, and the team takes people off lists: neither is a decision of anybody.
left_events as (

    select * from events

    where
        event_kind = 'emailunsubscribe'
        and source_kind != 'hardbounce'
        and not (
            source_kind in ('webapp', 'api', 'workflow')
            and channel_ids is not null
            and left_channels = ',,'
            and left_message_types = ',,'
        )

),

-- One word stands for leaving by any medium: what was left says by which.
departures as (

    select distinct
        left_events.source_system,
        {{ address_as_key('left_events.user_key') }} as user_key,
        left_events.occurred_at,
        left_events.campaign_id,
        left_events.message_id,
        left_events.loaded_at,
        coalesce(subjects.channel, case left_events.source_kind when 'sms' then 'sms' else 'email' end) as channel

    from left_events

    left join subjects
        on
            left_events.source_system = subjects.source_system
            and position(
                {{ dbt.concat(["','", 'subjects.subject_id', "','"]) }}
                in case subjects.subject_kind when 'channel' then left_events.left_channels else left_events.left_message_types end
            ) > 0

    where coalesce(subjects.is_decision, true)

)

select * from departures
