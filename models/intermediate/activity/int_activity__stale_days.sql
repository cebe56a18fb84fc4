{#- What the daily rollups hold from earlier runs is read as it stands: this model decides what they build anew. -#}
{%- set daily = stored_relation('int_activity__daily') -%}
{%- set visits = stored_relation('int_activity__visits') -%}
{%- set is_comparable = daily is not none and visits is not none and not flags.FULL_REFRESH -%}
{%- set start = window_start_after(daily) if is_comparable else none -%}

with

{{ imports({'own_names': 'event_names', 'common_names': 'event_names', 'vocabulary': 'event_vocabulary'}) }}

event_counts as (

    {{ event_counts(ref('crm_segmentation', 'base_activity__events')) }}

),

named_counts as (

    select
        event_counts.source_system,
        event_counts.occurred_on,
        event_counts.event_count,
        event_counts.as_of_date,
        coalesce(vocabulary.event_name, event_counts.event_name) as event_name,
        vocabulary.event_name is not null as is_known_event_name,
        case when coalesce(vocabulary.is_visit, true) then event_counts.visitor_event_count else 0 end as visit_event_count

    from event_counts

    {{ event_name_joins('event_counts') }}

),

events_by_day as (

    {{ rollup_sums('named_counts', start, also=['visit_event_count']) }}

),
{%- if start is not none %}

daily_by_day as (

    {{ rollup_sums(daily, start) }}

),

visits_by_day as (

    select
        source_system,
        occurred_on,
        sum(event_count) as event_count

    from {{ visits }}

    group by source_system, occurred_on

),

stale_days as (

    select
        coalesce(events_by_day.source_system, daily_by_day.source_system) as source_system,
        coalesce(events_by_day.occurred_on, daily_by_day.occurred_on) as occurred_on

    from events_by_day

    full join daily_by_day
        on events_by_day.source_system = daily_by_day.source_system and events_by_day.occurred_on = daily_by_day.occurred_on

    left join visits_by_day
        on events_by_day.source_system = visits_by_day.source_system and events_by_day.occurred_on = visits_by_day.occurred_on

    where
        coalesce(events_by_day.event_count, 0) != coalesce(daily_by_day.event_count, 0)
        or events_by_day.known_count != daily_by_day.known_count
        or events_by_day.name_sum != daily_by_day.name_sum
        or events_by_day.as_of_date > daily_by_day.as_of_date
        or events_by_day.visit_event_count != coalesce(visits_by_day.event_count, 0)

)
{%- else %}

stale_days as (

    select
        source_system,
        occurred_on

    from events_by_day

)
{%- endif %}

select * from stale_days
