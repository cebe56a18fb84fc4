with

events_received as (

    select * from {{ ref('base_activity__events_received') }}

),

row_counts as (

    {%- for raw_table, base_model in base_models().items() %}

    select
        '{{ raw_table }}' as raw_table,
        count(*) as rows_in,
        count(case when row_status in ('kept', 'early') then 1 end) as rows_kept,
        count(case when row_status = 'superseded' then 1 end) as rows_superseded,
        count(case when row_status = 'rejected' then 1 end) as rows_rejected,
        count(case when row_status = 'early' and version_at >= {{ as_of_end() }} then 1 end) as rows_early,
        count(case when row_status = 'early' and version_at < {{ as_of_end() }} then 1 end) as rows_overdue

    from {{ base_model }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

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
        cast(rows_overdue + rows_unread as bigint) as rows_late

    from with_unread

)

select * from row_accounting
