{# The least of some values, nulls passed over; null where all are. #}
{% macro least_of(values) -%}
    {{ return(adapter.dispatch('extreme_of', 'crm_segmentation')('least', values)) }}
{%- endmacro %}


{# The greatest of some values, nulls passed over; null where all are. #}
{% macro greatest_of(values) -%}
    {{ return(adapter.dispatch('extreme_of', 'crm_segmentation')('greatest', values)) }}
{%- endmacro %}


{# A bare least() or greatest() gives null as soon as one value is on Snowflake, BigQuery and Trino, and passes over it on
   DuckDB, PostgreSQL and Spark. #}
{% macro default__extreme_of(function, values) -%}
    {{ function }}({{ crm_segmentation.each_or_another(values) | join(', ') }})
{%- endmacro %}


{% macro duckdb__extreme_of(function, values) -%}
    {{ function }}({{ values | join(', ') }})
{%- endmacro %}


{% macro postgres__extreme_of(function, values) -%}
    {{ function }}({{ values | join(', ') }})
{%- endmacro %}


{% macro spark__extreme_of(function, values) -%}
    {{ function }}({{ values | join(', ') }})
{%- endmacro %}


{% macro snowflake__extreme_of(function, values) -%}
    {{ function }}_ignore_nulls({{ values | join(', ') }})
{%- endmacro %}


{# Each value, or the first other one where it is null: null only where all are. A number is never null. #}
{% macro each_or_another(values) -%}
    {%- set found = [] -%}
    {%- for value in values -%}
        {%- set others = values[:loop.index0] + values[loop.index:] -%}
        {%- if modules.re.fullmatch('-?[0-9.]+(e-?[0-9]+)?', value | string) -%}
            {%- do found.append(value) -%}
        {%- else -%}
            {%- do found.append('coalesce(' ~ ([value] + others) | join(', ') ~ ')') -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}
