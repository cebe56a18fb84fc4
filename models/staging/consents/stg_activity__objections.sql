{{ config(materialized='table') }}

with

event_objections as (

    select * from {{ ref('crm_segmentation', 'base_activity__objections') }}

),

tag_objections as (

    select * from {{ ref('crm_segmentation', 'base_people__tag_objections') }}

),

objections as (

    select * from event_objections

    union all

    select * from tag_objections

),

known_objections as (

    select
        source_system,
        visitor_type,
        visitor_id,
        event_name,
        channel,
        max(occurred_at) as last_occurred_at,
        count(*) > count(occurred_at) as is_undated

    from objections

    where event_name in ({{ text_literals(objection_events()) }}) and coalesce(occurred_at < {{ as_of_end() }}, true)

    group by source_system, visitor_type, visitor_id, event_name, channel

)

select * from known_objections
