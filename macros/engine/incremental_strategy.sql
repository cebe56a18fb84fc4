{# The word for a strategy of incremental models that add rows, which the adapter of the engine knows. #}
{% macro incremental_strategy(strategy) -%}
    {{ return(adapter.dispatch('incremental_strategy', 'crm_segmentation')(strategy)) }}
{%- endmacro %}


{% macro default__incremental_strategy(strategy) -%}
    {{ return(strategy) }}
{%- endmacro %}


{# A merge without a key of its own finds no row, so that it adds all. #}
{% macro bigquery__incremental_strategy(strategy) -%}
    {{ return('merge') }}
{%- endmacro %}
