{%- set next_day = 'lead(row_day, 1, ' ~ add_days(as_of_date(), 1) ~ ') over (partition by raw_table, system_name order by row_day)' -%}
{%- set rows_of_later_days = "case when row_status = 'early' and not is_overdue then row_count else 0 end" %}

-- Guarantees for every table and system of it what its days say: gaps, rows of later days, and rows that were changed afterwards.
with

recent_days as (

    select
        raw_table,
        system_name,
        row_day,
        sum(row_count) as row_count,
        {{ days_between('row_day', next_day) }} - 1 as gap_days

    from {{ ref('crm_segmentation', 'int_quality__input_row_counts') }}

    where
        row_status = 'kept'
        and raw_table not in ('raw_campaigns', 'raw_exchange_rates')
        and {{ in_last_days('row_day', 89) }}
        and row_day <= {{ as_of_date() }}

    group by raw_table, system_name, row_day

),

with_rhythms as (

    select
        *,
        -- With seven rows a day and more, a day without one is no chance; a table that rests on weekends has many.
        sum(row_count) over (partition by raw_table, system_name) >= 7 * count(*) over (partition by raw_table, system_name)
        and sum(gap_days) over (partition by raw_table, system_name)
        <= 0.1 * sum(1 + gap_days) over (partition by raw_table, system_name) as is_daily

    from recent_days

),

days as (

    select
        'days_without_rows' as check_name,
        raw_table,
        system_name as source_system,
        '' as subject,
        case
            when gap_days > 0
                then cast(gap_days as {{ dbt.type_string() }}) || ' after ' || cast(row_day as {{ dbt.type_string() }})
        end as word,
        gap_days + 1 as row_count,
        case when is_daily then gap_days else 0 end as failing_count

    from with_rhythms
    {%- for check_name, model, source_system, failing_count in [
        ('rows_after_the_day', 'int_quality__input_row_counts', 'system_name', rows_of_later_days),
        ('overwritten_rows', 'int_quality__input_overwritten_rows', 'source_system', 'failing_count'),
    ] %}

    union all

    select
        '{{ check_name }}' as check_name,
        raw_table,
        {{ source_system }} as source_system,
        '' as subject,
        cast(null as {{ dbt.type_string() }}) as word,
        row_count,
        {{ failing_count }} as failing_count

    from {{ ref('crm_segmentation', model) }}
    {%- endfor %}
    {%- for check_name, model, event_count in [
        ('changed_events', 'base_activity__changed_events', 'sum(event_count)'), ('stale_days', 'int_activity__stale_days', 'count(*)'),
    ] %}

    union all

    select
        '{{ check_name }}' as check_name,
        'raw_events' as raw_table,
        coalesce(source_system, '') as source_system,
        '' as subject,
        'since ' || cast(min(occurred_on) as {{ dbt.type_string() }}) as word,
        {{ event_count }} as row_count,
        {{ event_count }} as failing_count

    from {{ ref('crm_segmentation', model) }}

    group by source_system
    {%- endfor %}

)

select * from days
