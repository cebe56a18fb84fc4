{# Replaces the macro with which dbt writes the descriptions of columns into the database. A DuckLake keeps those of tables, and refuses
   those of views. #}
{% macro duckdb__alter_column_comment(relation, column_dict) -%}
    {%- if relation.is_view and adapter.is_ducklake(relation) -%}
        select 'no comment' as comment
    {%- else -%}
        {{- dbt.duckdb__alter_column_comment(relation, column_dict) -}}
    {%- endif -%}
{%- endmacro %}
