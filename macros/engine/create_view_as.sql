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


{# Types in the words of Trino. A comment is part of what makes the view. #}
{% macro trino__create_view_as(relation, sql) -%}
    {%- if config.get('contract').enforced and relation.identifier == model.alias -%}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif -%}
    create or replace view {{ relation }} {{ comment(model.description) }} security {{ config.get('view_security', 'definer') }} as
    {{ crm_segmentation.engine_types(sql) }}
{%- endmacro %}


{# Types in the words of BigQuery. #}
{% macro bigquery__create_view_as(relation, sql) -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif -%}
    create or replace view {{ relation }} {{ bigquery_view_options(config, model) }} as
    {{ crm_segmentation.engine_types(sql) }}
{%- endmacro %}
