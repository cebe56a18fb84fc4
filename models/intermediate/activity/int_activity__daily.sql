{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    on_schema_change='fail',
    pre_hook="{{ crm_segmentation.delete_window('occurred_on', 'date', ref('crm_segmentation', 'int_activity__stale_days')) }}",
) }}

with

events as (

    select * from {{ ref('crm_segmentation', 'stg_activity__events') }}
    where {{ in_window('occurred_at', 'timestamp') }}

),

daily as (

    select
        source_system,
        visitor_type,
        visitor_id,
        occurred_on,
        event_name,
        coalesce(channel, '') as channel,
        is_known_event_name,
        count(*) as event_count,
        cast(sum(event_value) as numeric(18, 4)) as event_value_total,
        min(occurred_at) as first_occurred_at,
        max(occurred_at) as last_occurred_at,
        {{ as_of_date() }} as as_of_date

    from events

    group by source_system, visitor_type, visitor_id, occurred_on, event_name, coalesce(channel, ''), is_known_event_name

)

select * from daily
