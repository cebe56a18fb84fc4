{% macro add_days(date, days) -%}
    {{ return(adapter.dispatch('add_days', 'crm_segmentation')(date, days)) }}
{%- endmacro %}


{% macro default__add_days(date, days) -%}
    cast({{ dbt.dateadd('day', days, date) }} as date)
{%- endmacro %}


{% macro duckdb__add_days(date, days) -%}
    ({{ date }} + {{ days }})
{%- endmacro %}


{% macro postgres__add_days(date, days) -%}
    ({{ date }} + {{ days }})
{%- endmacro %}


{% macro spark__add_days(date, days) -%}
    date_add({{ date }}, {{ days }})
{%- endmacro %}


{% macro bigquery__add_days(date, days) -%}
    date_add({{ date }}, interval {{ days }} day)
{%- endmacro %}
