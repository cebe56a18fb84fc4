-- Guarantees a status for every measure: error where the whole table fails, warn where one source system does.
with

measures as (

    select * from {{ ref('crm_segmentation', 'int_quality__input_measures') }}

),

rules as (

    select * from {{ ref('crm_segmentation', 'input_check_rules') }}

),

first_and_last_days as (

    select
        raw_table,
        system_name as source_system,
        min(row_day) as first_day,
        max(row_day) as last_day

    from {{ ref('crm_segmentation', 'int_quality__input_row_counts') }}

    where row_status in ('kept', 'superseded', 'early')

    group by raw_table, system_name

),

-- A system of its own may match nothing for a good reason; a table of which nothing matches is wired wrong.
of_whole_tables as (

    select
        *,
        sum(row_count) over (partition by check_name, raw_table, subject) as table_row_count,
        sum(failing_count) over (partition by check_name, raw_table, subject) as table_failing_count

    from measures

),

with_status as (

    select
        of_whole_tables.*,
        rules.looked_at,
        rules.advice,
        rules.advice_otherwise,
        first_and_last_days.first_day,
        first_and_last_days.last_day,
        case
            when
                of_whole_tables.table_row_count >= rules.minimum_row_count
                and of_whole_tables.failing_count > 0
                and of_whole_tables.table_failing_count >= rules.error_share * of_whole_tables.table_row_count
                then 'error'
            when
                of_whole_tables.row_count >= rules.minimum_row_count
                and of_whole_tables.failing_count > 0
                and of_whole_tables.failing_count >= rules.warn_share * of_whole_tables.row_count
                then 'warn'
            else 'ok'
        end as status

    from of_whole_tables

    inner join rules on of_whole_tables.check_name = rules.check_name

    left join first_and_last_days
        on
            of_whole_tables.raw_table = first_and_last_days.raw_table
            and of_whole_tables.source_system = first_and_last_days.source_system

),

verdicts as (

    select
        check_name,
        raw_table,
        source_system,
        subject,
        looked_at,
        row_count,
        failing_count,
        {{ rounded_ratio('failing_count', 'row_count', 6) }} as failing_share,
        first_day,
        last_day,
        status,
        case when failing_count > 0 then {{ input_check_advice() }} end as advice

    from with_status

)

select * from verdicts
