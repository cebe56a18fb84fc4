-- Guarantees a row for every raw table, also for one that has no rows or is not there, and that rows in equal those
-- kept, superseded and rejected.
with

events_received as (

    select * from {{ ref('crm_segmentation', 'base_activity__events_received') }}

),

counted_rows as (

    select * from {{ ref('crm_segmentation', 'int_quality__input_row_counts') }}

),

raw_tables as (

    {%- for raw_table in base_models() %}

    select '{{ raw_table }}' as raw_table
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

row_counts as (

    select
        raw_tables.raw_table,
        {%- for outcome, condition in {
            'kept': "counted_rows.row_status in ('kept', 'early')",
            'superseded': "counted_rows.row_status = 'superseded'",
            'rejected': "counted_rows.row_status = 'rejected'",
            'early': "counted_rows.row_status = 'early' and not counted_rows.is_overdue",
            'overdue': 'counted_rows.is_overdue',
        }.items() %}
        sum(case when {{ condition }} then counted_rows.row_count else 0 end) as rows_{{ outcome }},
        {%- endfor %}
        coalesce(sum(counted_rows.row_count), 0) as rows_in

    from raw_tables

    left join counted_rows on raw_tables.raw_table = counted_rows.raw_table

    group by raw_tables.raw_table

),

-- Only events are taken in day by day; where a company deletes old ones, more may be held than the raw table has.
with_unread as (

    select
        row_counts.*,
        case
            when row_counts.raw_table = 'raw_events' and events_received.row_count > row_counts.rows_in
                then events_received.row_count - row_counts.rows_in
            else 0
        end as rows_unread

    from row_counts

    cross join events_received

),

row_accounting as (

    select
        cast(raw_table as {{ dbt.type_string() }}) as raw_table,
        cast(rows_in + rows_unread as bigint) as rows_in,
        cast(rows_kept + rows_unread as bigint) as rows_kept,
        cast(rows_superseded as bigint) as rows_superseded,
        cast(rows_rejected as bigint) as rows_rejected,
        cast(rows_early as bigint) as rows_early,
        cast(rows_overdue + rows_unread as bigint) as rows_late,
        {{ as_of_date() }} as as_of_date

    from with_unread

)

select * from row_accounting
