{# Where a text first stands in another, from 1 on; 0 where it does not. #}
{% macro place_in_text(part, text) -%}
    {{ return(adapter.dispatch('place_in_text', 'crm_segmentation')(part, text)) }}
{%- endmacro %}


{% macro default__place_in_text(part, text) -%}
    position({{ part }} in {{ text }})
{%- endmacro %}


{% macro bigquery__place_in_text(part, text) -%}
    strpos({{ text }}, {{ part }})
{%- endmacro %}
