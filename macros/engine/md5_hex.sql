{# MD5 of a text in UTF-8, as 32 hex digits in lower case. #}
{% macro md5_hex(text) -%}
    {{ return(adapter.dispatch('md5_hex', 'crm_segmentation')(text)) }}
{%- endmacro %}


{% macro default__md5_hex(text) -%}
    md5({{ text }})
{%- endmacro %}


{# The function of that name takes bytes and gives bytes. #}
{% macro trino__md5_hex(text) -%}
    lower(to_hex(md5(to_utf8({{ text }}))))
{%- endmacro %}


{# The function of that name gives bytes. #}
{% macro bigquery__md5_hex(text) -%}
    to_hex(md5({{ text }}))
{%- endmacro %}
