with

source_systems as (

    {%- for raw_table in tables_with_system() %}

    select
        '{{ raw_table }}' as raw_table,
        cast(source_system as {{ dbt.type_string() }}) as spelling,
        {{ tidy_source_system('source_system') }} as tidy_name,
        count(*) as row_count

    from {{ raw_relation(raw_table) }}

    group by source_system
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from source_systems
