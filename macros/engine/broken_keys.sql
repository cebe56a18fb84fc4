{# Rows (model_name, row_count) for every key that is null or stands more than once. keys: columns by model or seed. with_values: key_value,
   which the key is, for tables that hold nothing of people. #}
{% macro broken_keys(keys, with_values=false) -%}
    {{ return(adapter.dispatch('broken_keys', 'crm_segmentation')(keys, with_values)) }}
{%- endmacro %}


{% macro default__broken_keys(keys, with_values) -%}
    {%- for model_name, key in keys.items() %}
    select
        '{{ model_name }}' as model_name,
        {%- for column in key if with_values %}
        coalesce(cast({{ column }} as {{ dbt.type_string() }}), 'null'){{ " || ', ' ||" if not loop.last else ' as key_value,' }}
        {%- endfor %}
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
{% macro trino__broken_keys(keys, with_values) -%}
    {%- if not execute or flags.WHICH not in ['build', 'test', 'retry'] -%}
        {{- return(crm_segmentation.default__broken_keys(keys, with_values)) -}}
    {%- endif -%}
    {%- set columns = ['model_name', 'key_value', 'row_count'] if with_values else ['model_name', 'row_count'] -%}
    {%- set found = [] -%}
    {%- for part in keys.items() | batch(60) -%}
        {%- for row in run_query(crm_segmentation.default__broken_keys(dict(part), with_values)).rows -%}
            {%- set texts = [crm_segmentation.sql_text(row[0])] + ([crm_segmentation.sql_text(row[1])] if with_values else []) -%}
            {%- do found.append(texts + [row[columns | length - 1]]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {# On a line of its own, because a comment may stand before it. #}
    {{- '\n' ~ crm_segmentation.literal_rows(columns, found or [["''"] * (columns | length - 1) + [0]]) }}
    {%- if not found %}
    where 1 = 0
    {%- endif -%}
{%- endmacro %}
