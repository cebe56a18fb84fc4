-- Guarantees a row for each reason to look at a segment, and none for a segment that is well. Losses are told only of
-- what campaigns measure, so nothing is said of profit while that feature is off.
with

health as (

    select * from {{ ref('crm_segmentation', 'segment_health') }}
    where as_of_date = {{ as_of_date() }}

),

definitions as (

    select * from {{ ref('crm_segmentation', 'segment_definitions') }}

),

{%- if has_feature('campaigns') %}

-- Even the upper end of the interval lies below zero: contacting them has cost more than it brought.
losses as (

    select * from {{ ref('crm_segmentation', 'segment_response') }}
    where interval_high < 0

),
{%- endif %}

findings as (

    {%- for name, warning in segment_warnings().items() %}

    select
        segment_name,
        '{{ name }}' as warning,
        {{ warning.finding }} as finding,
        {{ sql_text(warning.advice) }} as advice

    from health

    where warnings like '%|{{ name }}|%'
    {{- '\n\n    union all' if not loop.last or has_feature('campaigns') }}
    {%- endfor %}
    {%- if has_feature('campaigns') %}

    select
        segment_name,
        'unprofitable' as warning,
        'profit per recipient at most ' || cast(cast(interval_high as numeric(18, 2)) as {{ dbt.type_string() }}) as finding,
        'Change the offer, or stop contacting them.' as advice

    from losses

    where channel = 'all'

    union all

    select
        segment_name,
        'unprofitable_channel' as warning,
        'loses by ' || {{ text_list('channel') }} as finding,
        'Reach them by another channel: segment_response ranks them.' as advice

    from losses

    where channel <> 'all'

    group by segment_name
    {%- endif %}

),

review as (

    select
        findings.segment_name,
        {{ as_of_date() }} as as_of_date,
        definitions.owned_by,
        cast(findings.warning as {{ dbt.type_string() }}) as warning,
        cast(findings.finding as {{ dbt.type_string() }}) as finding,
        cast(findings.advice as {{ dbt.type_string() }}) as advice,
        definitions.label as segment_label

    from findings

    inner join definitions on findings.segment_name = definitions.segment_name

)

select * from review
