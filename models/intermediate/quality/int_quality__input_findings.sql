-- Guarantees that the rows of all checks of the input stand here in one shape.
with

{{ imports({
    'row_counts': 'int_quality__input_row_counts',
    'references_found': 'int_quality__input_references',
    'near_misses': 'int_quality__input_near_misses',
}) }}

references_with_remedies as (

    select
        references_found.*,
        near_misses.remedy,
        near_misses.misspelt_count

    from references_found

    left join near_misses
        on
            references_found.check_name = near_misses.check_name
            and references_found.raw_table = near_misses.raw_table
            and references_found.source_system = near_misses.source_system

),

findings as (

    {%- for checked in ['amounts', 'contacts', 'days', 'minor_units', 'orders', 'rejections', 'source_systems', 'words'] %}

    select
        check_name,
        raw_table,
        source_system,
        subject,
        word,
        row_count,
        failing_count

    from {{ ref('crm_segmentation', 'int_quality__input_' ~ checked) }}

    union all
    {%- endfor %}

    select
        check_name,
        raw_table,
        source_system,
        '' as subject,
        remedy as word,
        row_count,
        case when missing_key is null then 0 else row_count end as failing_count

    from references_with_remedies

    union all

    -- Counted once for all keys of a system: what is missing beside those is another check's.
    select
        'misspelt_keys' as check_name,
        named.raw_table,
        named.source_system,
        named.target_name as subject,
        case when named.misspelt_count > 0 then named.remedy end as word,
        cast(sum(named.row_count) as bigint) as row_count,
        coalesce(named.misspelt_count, 0) as failing_count

    from references_with_remedies as named

    where named.check_name != 'orders_with_lines'

    group by named.check_name, named.raw_table, named.target_name, named.source_system, named.remedy, named.misspelt_count

    {%- for raw_table in base_models() if is_expected_with_rows(raw_table) %}

    union all

    select
        'tables_with_rows' as check_name,
        '{{ raw_table }}' as raw_table,
        '' as source_system,
        '' as subject,
        cast(null as {{ dbt.type_string() }}) as word,
        1 as row_count,
        case when count(*) = 0 then 1 else 0 end as failing_count

    from row_counts

    where raw_table = '{{ raw_table }}'
    {%- endfor %}

)

select * from findings
