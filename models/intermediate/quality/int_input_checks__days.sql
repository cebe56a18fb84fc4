with

row_counts as (

    select * from {{ ref('crm_segmentation', 'int_input_checks__row_counts') }}

),

overwritten_rows as (

    select * from {{ ref('crm_segmentation', 'int_input_checks__overwritten_rows') }}

),

recent_days as (

    select
        raw_table,
        system_name,
        row_day,
        sum(row_count) as row_count

    from row_counts

    where
        row_status = 'kept'
        and raw_table not in ('raw_campaigns', 'raw_exchange_rates')
        and {{ in_last_days('row_day', 89) }}
        and row_day <= {{ as_of_date() }}

    group by raw_table, system_name, row_day

),

with_next_day as (

    select
        *,
        lead(row_day, 1, {{ add_days(as_of_date(), 1) }}) over (partition by raw_table, system_name order by row_day) as next_day

    from recent_days

),

with_gaps as (

    select
        raw_table,
        system_name,
        row_day,
        row_count,
        {{ days_between('row_day', 'next_day') }} - 1 as gap_days

    from with_next_day

),

rhythms as (

    select
        raw_table,
        system_name,
        -- With seven rows a day and more, a day without one is no chance; a table that rests on weekends has many.
        sum(row_count) >= 7 * count(*) and sum(gap_days) <= 0.1 * (count(*) + sum(gap_days)) as is_daily

    from with_gaps

    group by raw_table, system_name

),

days as (

    select
        'days_without_rows' as check_name,
        with_gaps.raw_table,
        with_gaps.system_name as source_system,
        '' as subject,
        case
            when with_gaps.gap_days > 0
                then cast(with_gaps.gap_days as {{ dbt.type_string() }}) || ' after ' || cast(with_gaps.row_day as {{ dbt.type_string() }})
        end as word,
        with_gaps.gap_days + 1 as row_count,
        case when rhythms.is_daily then with_gaps.gap_days else 0 end as failing_count

    from with_gaps

    inner join rhythms
        on with_gaps.raw_table = rhythms.raw_table and with_gaps.system_name = rhythms.system_name

    union all

    select
        'rows_after_the_day' as check_name,
        raw_table,
        system_name as source_system,
        '' as subject,
        cast(null as {{ dbt.type_string() }}) as word,
        row_count,
        case when row_status = 'early' and not is_overdue then row_count else 0 end as failing_count

    from row_counts

    union all

    select
        'overwritten_rows' as check_name,
        raw_table,
        source_system,
        '' as subject,
        cast(null as {{ dbt.type_string() }}) as word,
        row_count,
        failing_count

    from overwritten_rows

    union all

    select
        'changed_events' as check_name,
        'raw_events' as raw_table,
        coalesce(source_system, '') as source_system,
        '' as subject,
        'since ' || cast(min(occurred_on) as {{ dbt.type_string() }}) as word,
        sum(event_count) as row_count,
        sum(event_count) as failing_count

    from {{ ref('crm_segmentation', 'base_activity__changed_events') }}

    group by source_system

    union all

    select
        'stale_days' as check_name,
        'raw_events' as raw_table,
        source_system,
        '' as subject,
        'since ' || cast(min(occurred_on) as {{ dbt.type_string() }}) as word,
        count(*) as row_count,
        count(*) as failing_count

    from {{ ref('crm_segmentation', 'int_activity__stale_days') }}

    group by source_system

)

select * from days
