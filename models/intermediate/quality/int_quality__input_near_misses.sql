-- Guarantees one remedy for each check, table and system: the one that mends most rows. Fewer rows may match after it
-- than are missing now.
with

{{ imports({'missing_references': 'int_quality__input_references'}) -}}

{%- for target in input_targets() %}

{{ target }}_targets as (

    {{ target_keys(target) }}

),
{%- endfor %}

-- The same key but for its letter case or a .0 at its end, a key of another system, or one of a row that was rejected.
candidates as (

    {%- for target, found in input_targets().items() %}

    select
        missing_references.check_name,
        missing_references.raw_table,
        missing_references.source_system,
        missing_references.missing_key,
        missing_references.row_count,
        case
            when {{ target }}_targets.target_system not in ('', missing_references.source_system)
                then 'write source_system as ' || {{ target }}_targets.target_system
            when lower({{ target }}_targets.target_key) = lower(missing_references.missing_key)
                then 'write the key in the same letter case'
            else 'write the key without .0 at its end'
        end as remedy

    from missing_references

    inner join {{ target }}_targets
        on
            missing_references.target_name = '{{ target }}'
            and {{ loose_key('missing_references.missing_key') }} = {{ loose_key(target ~ '_targets.target_key') }}

    union distinct

    select
        missing_references.check_name,
        missing_references.raw_table,
        missing_references.source_system,
        missing_references.missing_key,
        missing_references.row_count,
        'mend the rows of {{ found.raw_table }} that rejected_rows lists' as remedy

    from missing_references

    inner join {{ found.judged }} as rejected_rows
        on
            missing_references.target_name = '{{ target }}'
            and missing_references.missing_key = rejected_rows.{{ found.key }}
            {{ 'and missing_references.source_system = rejected_rows.source_system' if found.has_system }}

    where rejected_rows.row_status = 'rejected'
    {{- '\n\n    union distinct' if not loop.last }}
    {%- endfor %}

),

ranked as (

    select
        check_name,
        raw_table,
        source_system,
        remedy,
        cast(sum(row_count) as bigint) as row_count,
        row_number() over (
            partition by check_name, raw_table, source_system
            order by sum(row_count) desc, {{ by_code_point('remedy') }} asc
        ) as remedy_rank

    from candidates

    group by check_name, raw_table, source_system, remedy

),

near_misses as (

    select
        check_name,
        raw_table,
        source_system,
        remedy || ', and ' || cast(row_count as {{ dbt.type_string() }}) || ' of them match' as remedy

    from ranked

    where remedy_rank = 1

)

select * from near_misses
