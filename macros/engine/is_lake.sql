{# Whether the target is a DuckLake: tables in Parquet files, told apart by snapshots that a catalogue keeps. #}
{% macro is_lake() -%}
    {{ return(adapter.dispatch('is_lake', 'crm_segmentation')()) }}
{%- endmacro %}


{% macro default__is_lake() -%}
    {{- return(false) -}}
{%- endmacro %}


{% macro duckdb__is_lake() -%}
    {{- return(adapter.is_ducklake(api.Relation.create(database=target.database, schema=target.schema))) -}}
{%- endmacro %}
