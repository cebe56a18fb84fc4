{# Replaces the macro with which dbt makes a view. On DuckDB a view names what it reads without the database, which is the file's
   name: a copy of the file under another name, or one that a BI tool attaches, works like the original. #}
{% macro duckdb__create_view_as(relation, sql) -%}
    {%- set replaced = 'create or replace view ' ~ relation -%}
    {{- dbt.duckdb__create_view_as(relation, sql | replace(adapter.quote(relation.database) ~ '.', ''))
        | replace('create view ' ~ relation, replaced, 1) -}}
{%- endmacro %}
