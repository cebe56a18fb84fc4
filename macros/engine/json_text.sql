{# A text as JSON, between quotes and with everything escaped that may not stand there; the word null for null. Left to the
   engine, which knows every character that has to be escaped. #}
{% macro json_text(text) -%}
    {{ return(adapter.dispatch('json_text', 'crm_segmentation')(text)) }}
{%- endmacro %}


{% macro default__json_text(text) -%}
    coalesce(cast(to_json(cast({{ text }} as {{ dbt.type_string() }})) as {{ dbt.type_string() }}), 'null')
{%- endmacro %}


{# Spark makes JSON of lists and structs alone: a list of one, without its brackets. #}
{% macro spark__json_text(text) -%}
    regexp_replace(to_json(array(cast({{ text }} as string))), '^.|.$', '')
{%- endmacro %}


{% macro snowflake__json_text(text) -%}
    coalesce(to_json(to_variant(cast({{ text }} as varchar))), 'null')
{%- endmacro %}


{% macro trino__json_text(text) -%}
    coalesce(json_format(cast(cast({{ text }} as varchar) as json)), 'null')
{%- endmacro %}
