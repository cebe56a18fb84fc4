with

rejected as (

    {%- for check in value_checks() %}
    {{ unusable_values(**check) }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

rejected_values as (

    select distinct
        cast({{ hashed_key(['raw_table', 'row_key', 'column_name']) }} as {{ dbt.type_string() }}) as rejected_value_id,
        cast(raw_table as {{ dbt.type_string() }}) as raw_table,
        cast(row_key as {{ dbt.type_string() }}) as row_key,
        cast(column_name as {{ dbt.type_string() }}) as column_name,
        cast(raw_value as {{ dbt.type_string() }}) as raw_value,
        cast(reason as {{ dbt.type_string() }}) as reason

    from rejected

)

select * from rejected_values
