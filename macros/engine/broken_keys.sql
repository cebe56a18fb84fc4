{# Rows (model_name, row_count) for every key that is null or stands more than once. keys: columns by model or seed. #}
{% macro broken_keys(keys) -%}
    {{ return(adapter.dispatch('broken_keys', 'crm_segmentation')(keys)) }}
{%- endmacro %}


{% macro default__broken_keys(keys) -%}
    {%- for model_name, key in keys.items() %}
    select
        '{{ model_name }}' as model_name,
        count(*) as row_count
    from {{ ref('crm_segmentation', model_name) }}
    group by {{ key | join(', ') }}
    having
        count(*) > 1
        {%- for column in key %}
        or {{ column }} is null
        {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# Trino refuses a query of more than 150 stages, which are two for each table. So it is asked in parts, and what they find is written out. #}
{% macro trino__broken_keys(keys) -%}
    {%- if not execute or flags.WHICH not in ['build', 'test', 'retry'] -%}
        {{- return(crm_segmentation.default__broken_keys(keys)) -}}
    {%- endif -%}
    {%- set found = [] -%}
    {%- for part in keys.items() | batch(60) -%}
        {%- for row in run_query(crm_segmentation.default__broken_keys(dict(part))).rows -%}
            {%- do found.append(["'" ~ row[0] ~ "'", row[1]]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {# On a line of its own, because a comment may stand before it. #}
    {{- '\n' ~ crm_segmentation.literal_rows(['model_name', 'row_count'], found or [["''", 0]]) }}
    {%- if not found %}
    where 1 = 0
    {%- endif -%}
{%- endmacro %}
