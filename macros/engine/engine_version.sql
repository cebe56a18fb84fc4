{# What the database says of its own version. #}
{% macro engine_version() -%}
    {{ return(adapter.dispatch('engine_version', 'crm_segmentation')()) }}
{%- endmacro %}


{% macro default__engine_version() -%}
    version()
{%- endmacro %}


{% macro snowflake__engine_version() -%}
    current_version()
{%- endmacro %}


{# There is but one, and it does not say. #}
{% macro bigquery__engine_version() -%}
    'BigQuery'
{%- endmacro %}
