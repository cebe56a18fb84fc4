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
        definitions.owner,
        {%- for column in ['warning', 'finding', 'advice'] %}
        cast(findings.{{ column }} as {{ dbt.type_string() }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}

    from findings

    inner join definitions on findings.segment_name = definitions.segment_name

)

select * from review
