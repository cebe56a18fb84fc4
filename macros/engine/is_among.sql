{# Whether a text stands in a column of a small relation; never true for null. #}
{% macro is_among(text, column, relation, condition) -%}
    {{ return(adapter.dispatch('is_among', 'crm_segmentation')(text, column, relation, condition)) }}
{%- endmacro %}


{% macro default__is_among(text, column, relation, condition) -%}
    {{ text }} in (select {{ column }} from {{ relation }} where {{ condition }})
{%- endmacro %}


{# DuckDB works the test above out for every row of a view, also when nobody reads the column that it is for; a list it leaves out. #}
{% macro duckdb__is_among(text, column, relation, condition) -%}
    list_contains((select coalesce(list({{ column }}), []) from {{ relation }} where {{ condition }}), {{ text }})
{%- endmacro %}


{# Spark knows such a test in a filter alone, but a single value anywhere. #}
{% macro spark__is_among(text, column, relation, condition) -%}
    position('|' || {{ text }} || '|' in (select {{ crm_segmentation.text_list(column) }} from {{ relation }} where {{ condition }})) > 0
{%- endmacro %}


{# Snowflake promises such a test in a filter alone, but a single value anywhere. #}
{% macro snowflake__is_among(text, column, relation, condition) -%}
    {{ crm_segmentation.spark__is_among(text, column, relation, condition) }}
{%- endmacro %}
