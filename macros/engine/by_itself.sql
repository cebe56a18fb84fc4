{# The end of a step that an engine is to work out by itself, and not to write into each place where the next step uses it. #}
{% macro by_itself() -%}
    {{ return(adapter.dispatch('by_itself', 'crm_segmentation')()) }}
{%- endmacro %}


{% macro default__by_itself() -%}
    offset 0
{%- endmacro %}


{# An offset wants a limit there. The largest that there is. #}
{% macro bigquery__by_itself() -%}
    limit 9223372036854775807
{%- endmacro %}
