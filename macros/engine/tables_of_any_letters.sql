{# Query of the schema and name of those tables and views of a database that are called by one of some names and stand in one of some
   schemas, whatever letters they are written in. Nothing where an engine tells no letters apart by itself. #}
{% macro tables_of_any_letters(database, schemas, tables) -%}
    {{ return(adapter.dispatch('tables_of_any_letters', 'crm_segmentation')(database, schemas, tables)) }}
{%- endmacro %}


{% macro default__tables_of_any_letters(database, schemas, tables) -%}
    {{ crm_segmentation.tables_where(
        database, schemas, 'lower(table_name) in (' ~ crm_segmentation.text_literals(tables | unique | list) ~ ')'
    ) }}
{%- endmacro %}


{# The schema and name of the tables and views of some schemas that a condition holds for. #}
{% macro tables_where(database, schemas, condition) -%}
    select
        table_schema,
        table_name

    from {{ adapter.dispatch('information_schema_tables', 'crm_segmentation')(database) }}

    where
        table_catalog = {{ crm_segmentation.sql_text(database) }}
        and lower(table_schema) in ({{ crm_segmentation.text_literals(schemas | unique | list) }})
        and {{ condition }}
{%- endmacro %}


{% macro spark__tables_of_any_letters(database, schemas, tables) -%}{%- endmacro %}


{% macro default__information_schema_tables(database) -%}
    information_schema.tables
{%- endmacro %}


{# All datasets of a region at once; one that is named alone would have to be there. #}
{% macro bigquery__information_schema_tables(database) -%}
    `{{ database }}`.`region-{{ target.location | lower }}`.information_schema.tables
{%- endmacro %}
