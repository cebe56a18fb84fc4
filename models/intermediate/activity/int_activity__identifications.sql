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

identifications as (

    select distinct
        source_system,
        anonymous_id,
        source_contact_id,
        occurred_on,
        {{ as_of_date() }} as as_of_date

    from events

    where anonymous_id is not null and source_contact_id is not null

)

select * from identifications
