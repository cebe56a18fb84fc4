-- Guarantees one remedy for each check, table and system: the one that mends most rows, of which fewer may match than are missing now.
with

{{ imports({'missing_references': 'int_quality__input_references', 'prefixes': 'int_quality__input_key_prefixes'}) }}

{{ target_keys() }}

-- The same key in another spelling, a key of another system, or one of a row that was rejected.
candidates as (

    {%- for target, found in input_targets().items() %}

    select
        missing_references.*,
        {{ key_remedy('missing_references', target ~ '_targets') | indent(8) }} as remedy,
        {{ target }}_targets.target_system in ('', missing_references.source_system) as is_same_system

    from missing_references

    inner join {{ target }}_targets
        on
            missing_references.target_name = '{{ target }}'
            and {{ loose_key('missing_references.missing_key') }} = {{ loose_key(target ~ '_targets.target_key') }}

    union distinct

    select
        missing_references.*,
        'mend the rows of {{ found.raw_table }} that rejected_rows lists' as remedy,
        false as is_same_system

    from missing_references

    inner join {{ found.judged }} as rejected_rows
        on
            missing_references.target_name = '{{ target }}'
            and missing_references.missing_key = rejected_rows.{{ found.key }}
            {{ 'and missing_references.source_system = rejected_rows.source_system' if found.has_system }}
            and rejected_rows.row_status = 'rejected'

    union distinct
    {%- endfor %}

    select * from prefixes

),

-- A key that matches in two ways is misspelt once.
numbered as (

    select
        *,
        row_number() over (
            partition by check_name, raw_table, source_system, missing_key, row_count, is_same_system
            order by {{ by_code_point('remedy') }} asc
        ) as match_number

    from candidates

),

ranked as (

    select
        check_name,
        raw_table,
        source_system,
        remedy,
        cast(sum(row_count) as bigint) as row_count,
        sum(sum(case when is_same_system and match_number = 1 then row_count else 0 end)) over (
            partition by check_name, raw_table, source_system
        ) as misspelt_count,
        row_number() over (
            partition by check_name, raw_table, source_system order by sum(row_count) desc, {{ by_code_point('remedy') }} asc
        ) as remedy_rank

    from numbered

    group by check_name, raw_table, source_system, remedy

),

near_misses as (

    select
        check_name,
        raw_table,
        source_system,
        remedy || ', and ' || cast(row_count as {{ dbt.type_string() }}) || ' of them match' as remedy,
        cast(misspelt_count as bigint) as misspelt_count

    from ranked

    where remedy_rank = 1

)

select * from near_misses
