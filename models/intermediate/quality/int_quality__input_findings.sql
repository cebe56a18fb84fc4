-- Guarantees that the rows of all checks of the input stand here in one shape.
with

tables_there as (

    {%- for raw_table in base_models() if is_expected_with_rows(raw_table) %}

    select '{{ raw_table }}' as raw_table
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

tables_with_rows as (

    select distinct raw_table from {{ ref('crm_segmentation', 'int_quality__input_row_counts') }}

),

references_with_remedies as (

    select
        references_found.*,
        near_misses.remedy,
        near_misses.misspelt_count

    from {{ ref('crm_segmentation', 'int_quality__input_references') }} as references_found

    left join {{ ref('crm_segmentation', 'int_quality__input_near_misses') }} as near_misses
        on
            references_found.check_name = near_misses.check_name
            and references_found.raw_table = near_misses.raw_table
            and references_found.source_system = near_misses.source_system

),

findings as (

    {%- for relation in [
        ref('crm_segmentation', 'int_quality__input_amounts'),
        ref('crm_segmentation', 'int_quality__input_contacts'),
        ref('crm_segmentation', 'int_quality__input_days'),
        ref('crm_segmentation', 'int_quality__input_minor_units'),
        ref('crm_segmentation', 'int_quality__input_orders'),
        ref('crm_segmentation', 'int_quality__input_rejections'),
        ref('crm_segmentation', 'int_quality__input_source_systems'),
        ref('crm_segmentation', 'int_quality__input_words'),
    ] %}

    select
        check_name,
        raw_table,
        source_system,
        subject,
        word,
        row_count,
        failing_count

    from {{ relation }}

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

    union all

    select
        'tables_with_rows' as check_name,
        tables_there.raw_table,
        '' as source_system,
        '' as subject,
        cast(null as {{ dbt.type_string() }}) as word,
        1 as row_count,
        case when tables_with_rows.raw_table is null then 1 else 0 end as failing_count

    from tables_there

    left join tables_with_rows on tables_there.raw_table = tables_with_rows.raw_table

)

select * from findings
