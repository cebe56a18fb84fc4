{%- set first_values = ['page_path', 'channel', 'campaign_id', 'device_type', 'operating_system', 'app_version'] -%}
{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    on_schema_change='fail',
    pre_hook="{{ crm_segmentation.delete_window('occurred_on', 'date', ref('crm_segmentation', 'int_activity__stale_days')) }}",
) }}

-- Guarantees that the visits of a day depend on that day's events alone, so that a run builds the stale days anew and
-- leaves the others as they are.
with

visit_events as (

    select * from {{ ref('crm_segmentation', 'stg_activity__events') }}
    where is_visit and visitor_type != 'none' and {{ in_window('occurred_at', 'timestamp') }}

),

numbered as (

    select
        *,
        lag(occurred_at) over (
            partition by source_system, visitor_type, visitor_id, occurred_on
            order by occurred_at asc, {{ by_code_point('event_id') }} asc
        ) as previous_at,
        row_number() over (
            partition by source_system, visitor_type, visitor_id, occurred_on
            order by occurred_at asc, {{ by_code_point('event_id') }} asc
        ) as event_number

    from visit_events

),

in_visits as (

    select
        *,
        sum(case when {{ is_new_session('previous_at', 'occurred_at') }} then 1 else 0 end) over (
            partition by source_system, visitor_type, visitor_id, occurred_on
            order by event_number asc
            rows unbounded preceding
        ) as visit_number

    from numbered

),

-- A visit ends at midnight, so that a further day never reopens one; sessions joins the two parts.
visits as (

    select
        source_system,
        visitor_type,
        visitor_id,
        occurred_on,
        cast(visit_number as {{ dbt.type_int() }}) as visit_number,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        count(*) as event_count,
        {%- for name in ['page_viewed', 'product_viewed', 'cart_added', 'checkout_started'] %}
        count(case when event_name = '{{ name }}' then 1 end) as {{ name }}_count,
        {%- endfor %}
        {%- for value in first_values %}
        {{ value_at_lowest(value, 'event_number') }} as first_{{ value }},
        {%- endfor %}
        {{ value_at_lowest('page_path', '-event_number') }} as last_page_path,
        {{ as_of_date() }} as as_of_date

    from in_visits

    group by source_system, visitor_type, visitor_id, occurred_on, visit_number

)

select * from visits
