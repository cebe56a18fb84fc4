{#- Of a past day that is built again, what came later is no fault of the table. -#}
{%- set and_known_by_then = "and rejection_reason not like '%_in_the_future'" if as_of_day() < present_day() else '' %}

-- Guarantees that every row of a raw table is looked at once for each reason by which any row of the table was rejected.
with

{{ imports({'row_counts': 'int_quality__input_row_counts', 'rejected_words': 'int_quality__input_rejected_words'}) }}

reasons as (

    select distinct
        raw_table,
        rejection_reason

    from rejected_words

),

rejections as (

    select
        'rejected_rows' as check_name,
        raw_table,
        system_name as source_system,
        '' as subject,
        rejection_reason as word,
        row_count,
        case when row_status = 'rejected' {{ and_known_by_then }} then row_count else 0 end as failing_count

    from row_counts

    union all

    select
        'rejection_reasons' as check_name,
        raw_table,
        source_system,
        rejection_reason as subject,
        word,
        row_count,
        case when rejection_reason is not null {{ and_known_by_then }} then row_count else 0 end as failing_count

    from rejected_words

    union all

    select
        'rejection_reasons' as check_name,
        row_counts.raw_table,
        row_counts.system_name as source_system,
        reasons.rejection_reason as subject,
        cast(null as {{ dbt.type_string() }}) as word,
        row_counts.row_count,
        0 as failing_count

    from row_counts

    inner join reasons
        on
            row_counts.raw_table = reasons.raw_table
            and coalesce(row_counts.rejection_reason, '') != reasons.rejection_reason

)

select * from rejections
