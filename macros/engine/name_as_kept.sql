{# A name of a table or column as the engine keeps it: some cut off what is too long for them. #}
{% macro name_as_kept(name) -%}
    {{ return(adapter.dispatch('name_as_kept', 'crm_segmentation')(name)) }}
{%- endmacro %}


{% macro default__name_as_kept(name) -%}
    {{ return(name) }}
{%- endmacro %}


{# 63 bytes: names of schemas that Snowplow makes tables and columns of are longer. #}
{% macro postgres__name_as_kept(name) -%}
    {{ return(name[:63]) }}
{%- endmacro %}
