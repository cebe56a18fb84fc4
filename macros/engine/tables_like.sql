{# Query of the schema and name of the tables and views of a schema whose names begin with a text, in whatever letters. #}
{% macro tables_like(database, schema, beginning) -%}
    {{ return(adapter.dispatch('tables_like', 'crm_segmentation')(database, schema, beginning)) }}
{%- endmacro %}


{% macro default__tables_like(database, schema, beginning) -%}
    {{ crm_segmentation.tables_where(
        database,
        [schema | lower],
        'substr(lower(table_name), 1, ' ~ beginning | length ~ ') = ' ~ crm_segmentation.sql_text(beginning | lower),
    ) }}

    order by table_name
{%- endmacro %}


{% macro spark__tables_like(database, schema, beginning) -%}
    show tables in {{ schema }} like '{{ beginning }}*'
{%- endmacro %}
