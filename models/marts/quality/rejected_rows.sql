with

rejected as (

    {%- for raw_table, base_model in base_models().items() %}

    select
        '{{ raw_table }}' as raw_table,
        rejection_reason as reason,
        {{ raw_values_json(raw_table) }} as raw_values

    from {{ base_model }}

    where row_status = 'rejected'
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

-- Exact repeats of a rejected row are told apart by their number alone.
numbered as (

    select
        raw_table,
        reason,
        raw_values,
        row_number() over (partition by raw_table, raw_values order by {{ by_code_point('reason') }} asc) as repeat_number

    from rejected

),

rejected_rows as (

    select
        cast({{ hashed_key(['raw_table', 'raw_values', 'repeat_number']) }} as {{ dbt.type_string() }}) as rejected_row_id,
        cast(raw_table as {{ dbt.type_string() }}) as raw_table,
        cast(reason as {{ dbt.type_string() }}) as reason,
        cast(raw_values as {{ dbt.type_string() }}) as raw_values

    from numbered

)

select * from rejected_rows
