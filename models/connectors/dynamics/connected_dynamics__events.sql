{{ config(enabled=is_connected('dynamics', 'raw_events')) }}

with

people as (

    select * from {{ ref('crm_segmentation', 'connected_dynamics__people') }}

),

activities as (

    select
        source_system,
        call_id as event_id,
        person_id,
        state,
        occurred_at,
        loaded_at,
        'phone' as channel

    from {{ ref('crm_segmentation', 'landed_dynamics__calls') }}

    union all

    select
        source_system,
        meeting_id as event_id,
        person_id,
        state,
        occurred_at,
        loaded_at,
        cast(null as {{ dbt.type_string() }}) as channel

    from {{ ref('crm_segmentation', 'landed_dynamics__meetings') }}

),

-- What is still to do, or was cancelled, reached nobody, and what is about a deal or a case does not say whom it reached.
events as (

    select
        activities.source_system,
        activities.event_id,
        activities.person_id as source_contact_id,
        activities.occurred_at,
        activities.channel,
        activities.loaded_at,
        'offline_contacted' as event_name

    from activities

    inner join people on activities.source_system = people.source_system and activities.person_id = people.person_id

    where activities.source_system in ({{ instances_feeding('dynamics', 'raw_events') }}) and activities.state = 1

)

select * from events
