with

row_counts as (

    {%- for raw_table, base_model in base_models().items() %}

    select
        '{{ raw_table }}' as raw_table,
        count(*) as rows_in,
        count(case when row_status in ('kept', 'early') then 1 end) as rows_kept,
        count(case when row_status = 'superseded' then 1 end) as rows_superseded,
        count(case when row_status = 'rejected' then 1 end) as rows_rejected,
        count(case when row_status = 'early' then 1 end) as rows_early

    from {{ base_model }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

row_accounting as (

    select
        cast(raw_table as {{ dbt.type_string() }}) as raw_table,
        cast(rows_in as bigint) as rows_in,
        cast(rows_kept as bigint) as rows_kept,
        cast(rows_superseded as bigint) as rows_superseded,
        cast(rows_rejected as bigint) as rows_rejected,
        cast(rows_early as bigint) as rows_early

    from row_counts

)

select * from row_accounting
