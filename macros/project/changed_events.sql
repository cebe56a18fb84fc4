{# What an event says that a correction may change, as a small whole number: sums of it find a changed day. What only describes it
   (device, page, campaign, properties) is left out: it would double what is read, and what an erased person wrote is emptied. #}
{% macro event_fingerprint() -%}
    {{ crm_segmentation.row_fingerprint([
        'source_system', 'event_id', 'source_contact_id', 'anonymous_id', 'event_name', 'occurred_at', 'source_product_id',
        'case when not ' ~ crm_segmentation.is_too_large('event_value') ~ ' then event_value end',
    ]) }}
{%- endmacro %}


{# Rows and sum of fingerprints of every source system and day before a day, of base_activity__events or base_activity__event_rows. #}
{% macro event_sums(relation, start) -%}
    select
        source_system,
        cast(occurred_at as date) as occurred_on,
        count(*) as row_count,
        sum({{ crm_segmentation.event_fingerprint() }}) as fingerprint_sum

    from {{ relation }}

    where
        occurred_at >= cast('1970-01-01 00:00:00' as timestamp)
        and occurred_at < cast('{{ start }} 00:00:00' as timestamp)

    group by source_system, cast(occurred_at as date)
{%- endmacro %}


{# The days before the window on which what is held is not what raw_events has now, as texts. Days before the first that raw_events
   still has are what a company has deleted as too old: they are kept. Of the first day it may have deleted a part. #}
{% macro differing_event_days(held, arrived, start) -%}
    {%- set found = run_query(
        "with held_sums as (" ~ crm_segmentation.event_sums(held, start) ~ "),"
        ~ " arrived_sums as (" ~ crm_segmentation.event_sums(arrived, start) ~ "),"
        ~ " first_days as (select (select min(occurred_on) from arrived_sums) as first_arrived_on, (select min(occurred_on) from held_sums) as first_held_on)"
        ~ " select distinct held_sums.occurred_on from held_sums"
        ~ " left join arrived_sums on coalesce(held_sums.source_system, '') = coalesce(arrived_sums.source_system, '')"
        ~ " and held_sums.occurred_on = arrived_sums.occurred_on"
        ~ " cross join first_days"
        ~ " where (held_sums.occurred_on > first_days.first_arrived_on"
        ~ " or (held_sums.occurred_on = first_days.first_arrived_on and first_days.first_held_on >= first_days.first_arrived_on))"
        ~ " and (arrived_sums.row_count is null or arrived_sums.row_count != held_sums.row_count"
        ~ " or arrived_sums.fingerprint_sum != held_sums.fingerprint_sum)"
        ~ " order by held_sums.occurred_on"
    ) -%}
    {%- set days = [] -%}
    {%- for row in found.rows -%}
        {%- do days.append((row[0] | string)[:10]) -%}
    {%- endfor -%}
    {{- return(days) -}}
{%- endmacro %}


{# Select of the events of some days by key, day and fingerprint. Of many days all from the first on are read. #}
{% macro fingerprinted_events(relation, days, start) -%}
    select
        source_system,
        event_id,
        cast(occurred_at as date) as occurred_on,
        {{ crm_segmentation.event_fingerprint() }} as fingerprint

    from {{ relation }}

    where
        {%- if days %}
        occurred_at >= cast('{{ days[0] }} 00:00:00' as timestamp)
        and occurred_at < cast('{{ start }} 00:00:00' as timestamp)
        and cast(occurred_at as date) in (cast('{{ days | join("' as date), cast('") }}' as date))
        {%- else %}
        1 = 0
        {%- endif %}
{%- endmacro %}


{# The events that count by source system, day and name as it came. What is the same for all of them can then be looked up once, for a
   thousandth of the rows. #}
{% macro event_counts(relation) -%}
    select
        source_system,
        source_event_name,
        event_name,
        cast(occurred_at as date) as occurred_on,
        count(*) as event_count,
        count(coalesce({{ crm_segmentation.known_key('source_contact_id') }}, {{ crm_segmentation.known_key('anonymous_id') }})) as visitor_event_count,
        max(as_of_date) as as_of_date

    from {{ relation }}

    where row_status = 'kept'

    group by source_system, source_event_name, event_name, cast(occurred_at as date)
{%- endmacro %}


{# Rows, known names, names and the newest as-of date of every source system and day before a day: what the daily rollups have to agree
   with. None where no day is given. #}
{% macro rollup_sums(relation, start, also=[]) -%}
    select
        source_system,
        occurred_on,
        sum(event_count) as event_count,
        sum(case when is_known_event_name then event_count else 0 end) as known_count,
        sum(event_count * ({{ crm_segmentation.remainder(crm_segmentation.key_hash(['event_name']), 1000003) }})) as name_sum,
        {%- for column in also %}
        sum({{ column }}) as {{ column }},
        {%- endfor %}
        max(as_of_date) as as_of_date

    from {{ relation }}

    where {{ "occurred_on >= cast('1970-01-01' as date) and occurred_on < cast('" ~ start ~ "' as date)" if start else '1 = 0' }}

    group by source_system, occurred_on
{%- endmacro %}
