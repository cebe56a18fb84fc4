{{ config(materialized='view') }}

with

staged_events as (

    select * from {{ ref('crm_segmentation', 'stg_activity__events') }}

),

visitors as (

    select * from {{ ref('crm_segmentation', 'int_behaviour__visitors') }}

),

events as (

    select
        cast({{ hashed_key(['staged_events.source_system', 'staged_events.event_id']) }} as {{ dbt.type_string() }}) as event_id,
        staged_events.source_system,
        staged_events.event_id as source_event_id,
        visitors.contact_id,
        staged_events.source_contact_id,
        staged_events.anonymous_id,
        cast(staged_events.event_name as {{ dbt.type_string() }}) as event_name,
        staged_events.occurred_at,
        staged_events.occurred_on,
        staged_events.received_at,
        staged_events.channel,
        staged_events.device_type,
        staged_events.operating_system,
        staged_events.app_version,
        staged_events.page_path,
        staged_events.campaign_id,
        staged_events.source_product_id,
        staged_events.event_value,
        staged_events.properties

    from staged_events

    left join visitors
        on
            {{ same_visitor('staged_events') }}

)

select * from events
