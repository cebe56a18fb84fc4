with

health as (

    select * from {{ ref('segment_health') }}
    where as_of_date = {{ as_of_date() }}

),

definitions as (

    select * from {{ ref('segment_definitions') }}

),

findings as (

    {%- for name, warning in segment_warnings().items() %}

    select
        segment_name,
        as_of_date,
        '{{ name }}' as warning,
        {{ warning.finding }} as finding,
        {{ sql_text(warning.advice) }} as advice

    from health

    where warnings like '%|{{ name }}|%'
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

review as (

    select
        findings.segment_name,
        findings.as_of_date,
        definitions.owned_by,
        cast(findings.warning as {{ dbt.type_string() }}) as warning,
        cast(findings.finding as {{ dbt.type_string() }}) as finding,
        cast(findings.advice as {{ dbt.type_string() }}) as advice

    from findings

    inner join definitions on findings.segment_name = definitions.segment_name

)

select * from review
