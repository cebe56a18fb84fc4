{% macro add_minutes(moment, minutes) -%}
    {{ return(adapter.dispatch('add_minutes', 'crm_segmentation')(moment, minutes)) }}
{%- endmacro %}


{% macro default__add_minutes(moment, minutes) -%}
    {{ dbt.dateadd('minute', minutes, moment) }}
{%- endmacro %}


{% macro duckdb__add_minutes(moment, minutes) -%}
    ({{ moment }} + interval '{{ minutes }} minutes')
{%- endmacro %}


{% macro postgres__add_minutes(moment, minutes) -%}
    ({{ moment }} + interval '{{ minutes }} minutes')
{%- endmacro %}


{# dbt's own way goes through whole seconds and drops their fraction. #}
{% macro spark__add_minutes(moment, minutes) -%}
    ({{ moment }} + interval {{ minutes }} minutes)
{%- endmacro %}
