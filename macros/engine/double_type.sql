{# dbt's own float type has four bytes on DuckDB. #}
{% macro double_type() -%}
    {{ return(adapter.dispatch('double_type', 'crm_segmentation')()) }}
{%- endmacro %}


{% macro default__double_type() -%}
    double precision
{%- endmacro %}


{% macro spark__double_type() -%}
    double
{%- endmacro %}


{% macro bigquery__double_type() -%}
    float64
{%- endmacro %}
