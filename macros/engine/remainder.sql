{# What is left of one whole number after division by another; it has the sign of the first. #}
{% macro remainder(number, divisor) -%}
    {{ return(adapter.dispatch('remainder', 'crm_segmentation')(number, divisor)) }}
{%- endmacro %}


{% macro default__remainder(number, divisor) -%}
    {{ number }} % {{ divisor }}
{%- endmacro %}


{% macro bigquery__remainder(number, divisor) -%}
    mod({{ number }}, {{ divisor }})
{%- endmacro %}
