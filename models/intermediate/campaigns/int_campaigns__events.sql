{{ config(enabled=has_feature('campaigns') or has_feature('experiments'), materialized='view') }}

-- What erased people wrote is emptied before it is read.
-- depends_on: {{ ref('crm_segmentation', 'int_identity__erased_visitors') }}

with

staged_events as (

    select * from {{ ref('crm_segmentation', 'stg_activity__events') }}

),

visitors as (

    select * from {{ ref('crm_segmentation', 'int_behaviour__visitors') }}

),

known_events as (

    select
        visitors.contact_id,
        staged_events.source_system,
        staged_events.event_id,
        staged_events.event_name,
        staged_events.occurred_at,
        staged_events.channel,
        staged_events.campaign_id

    from staged_events

    inner join visitors
        on
            {{ same_visitor('staged_events') }}

)

select * from known_events
