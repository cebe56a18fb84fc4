{# How much disk the database takes, as a text; none where the engine does not say. #}
{% macro database_size() -%}
    {{ return(adapter.dispatch('database_size', 'crm_segmentation')()) }}
{%- endmacro %}


{% macro default__database_size() -%}
    {{- return(none) -}}
{%- endmacro %}


{% macro duckdb__database_size() -%}
    {%- set sql = "select database_size from pragma_database_size() where database_name = '" ~ target.database ~ "'" -%}
    {%- if crm_segmentation.is_lake() -%}
        {%- set sql = "select format_bytes(cast(sum(file_size_bytes) as bigint)) from ducklake_table_info('" ~ target.database ~ "')" -%}
    {%- endif -%}
    {{- return(run_query(sql).columns[0].values() | first) -}}
{%- endmacro %}


{% macro postgres__database_size() -%}
    {{- return(run_query('select pg_size_pretty(pg_database_size(current_database()))').columns[0].values() | first) -}}
{%- endmacro %}
