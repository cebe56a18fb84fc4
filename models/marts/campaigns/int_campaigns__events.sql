{{ config(materialized='view') }}

with

staged_events as (

    select * from {{ ref('stg_activity__events') }}

),

contact_records as (

    select * from {{ ref('contact_records') }}

),

known_events as (

    select
        contact_records.contact_id,
        staged_events.source_system,
        staged_events.event_id,
        staged_events.event_name,
        staged_events.occurred_at,
        staged_events.channel,
        staged_events.campaign_id

    from staged_events

    inner join contact_records
        on
            staged_events.source_system = contact_records.source_system
            and staged_events.source_contact_id = contact_records.source_contact_id

)

select * from known_events
