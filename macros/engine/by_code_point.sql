{# For every order by over text that decides a result: databases sort text by the rules of a language. #}
{% macro by_code_point(text) -%}
    {{ return(adapter.dispatch('by_code_point', 'crm_segmentation')(text)) }}
{%- endmacro %}


{% macro default__by_code_point(text) -%}
    {{ text }}
{%- endmacro %}


{% macro postgres__by_code_point(text) -%}
    {{ text }} collate "C"
{%- endmacro %}
