{{ config(materialized='view') }}

with

daily as (

    select * from {{ ref('crm_segmentation', 'int_activity__daily') }}

),

visitors as (

    select * from {{ ref('crm_segmentation', 'int_behaviour__visitors') }}

),

contact_activity_daily as (

    select
        visitors.contact_id,
        daily.occurred_on,
        cast(daily.event_name as {{ dbt.type_string() }}) as event_name,
        cast(sum(daily.event_count) as bigint) as event_count,
        cast(sum(daily.event_value_total) as numeric(18, 4)) as event_value_total,
        min(daily.first_occurred_at) as first_occurred_at,
        max(daily.last_occurred_at) as last_occurred_at

    from daily

    inner join visitors
        on
            {{ same_visitor('daily') }}

    group by visitors.contact_id, daily.occurred_on, daily.event_name

)

select * from contact_activity_daily
