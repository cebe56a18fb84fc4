{# The least of some values, nulls passed over; null where all are. A bare least() gives null as soon as one value is on Snowflake,
   BigQuery and Trino, and passes over it on DuckDB, PostgreSQL and Spark. #}
{% macro least_of(values) -%}
    {{ return(adapter.dispatch('least_of', 'crm_segmentation')(values)) }}
{%- endmacro %}


{% macro default__least_of(values) -%}
    least({{ crm_segmentation.each_or_another(values) | join(', ') }})
{%- endmacro %}


{% macro duckdb__least_of(values) -%}
    least({{ values | join(', ') }})
{%- endmacro %}


{% macro postgres__least_of(values) -%}
    least({{ values | join(', ') }})
{%- endmacro %}


{% macro spark__least_of(values) -%}
    least({{ values | join(', ') }})
{%- endmacro %}


{% macro snowflake__least_of(values) -%}
    least_ignore_nulls({{ values | join(', ') }})
{%- endmacro %}


{# The greatest of some values, nulls passed over; null where all are. #}
{% macro greatest_of(values) -%}
    {{ return(adapter.dispatch('greatest_of', 'crm_segmentation')(values)) }}
{%- endmacro %}


{% macro default__greatest_of(values) -%}
    greatest({{ crm_segmentation.each_or_another(values) | join(', ') }})
{%- endmacro %}


{% macro duckdb__greatest_of(values) -%}
    greatest({{ values | join(', ') }})
{%- endmacro %}


{% macro postgres__greatest_of(values) -%}
    greatest({{ values | join(', ') }})
{%- endmacro %}


{% macro spark__greatest_of(values) -%}
    greatest({{ values | join(', ') }})
{%- endmacro %}


{% macro snowflake__greatest_of(values) -%}
    greatest_ignore_nulls({{ values | join(', ') }})
{%- endmacro %}


{# Each value, or the first other one where it is null: null only where all are. A number is never null. #}
{% macro each_or_another(values) -%}
    {%- set found = [] -%}
    {%- for value in values -%}
        {%- if modules.re.fullmatch('-?[0-9.]+(e-?[0-9]+)?', value | string) -%}
            {%- do found.append(value) -%}
        {%- else -%}
            {%- do found.append('coalesce(' ~ ([value] + values[:loop.index0] + values[loop.index:]) | join(', ') ~ ')') -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}
