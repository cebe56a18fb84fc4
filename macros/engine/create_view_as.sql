{# Replaces the macro with which dbt makes a view. On DuckDB a view names what it reads without the database, which is the file's
   name: a copy of the file under another name, or one that a BI tool attaches, works like the original. #}
{% macro duckdb__create_view_as(relation, sql) -%}
    {%- set sql = sql | replace(adapter.quote(relation.database) ~ '.', '') -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif -%}
    create or replace view {{ relation }} as (
        {{ sql }}
    );
{%- endmacro %}
