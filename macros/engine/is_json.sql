{# Whether a text is one JSON value. #}
{% macro is_json(text) -%}
    {{ return(adapter.dispatch('is_json', 'crm_segmentation')(text)) }}
{%- endmacro %}


{% macro default__is_json(text) -%}
    json_valid({{ text }})
{%- endmacro %}


{# PostgreSQL 15 has no test that does not raise. This one takes a text for JSON that is made of JSON's own words and
   whose first and last bracket belong together: it never gives up what is JSON, and misses some that is not. #}
{% macro postgres__is_json(text) -%}
    {%- set string = '"([^"\\\\]|\\\\.)*"' -%}
    {%- set scalar = string ~ '|-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?|true|false|null' -%}
    (
        {{ text }} ~ '^[[:space:]]*({{ scalar }}|[{].*[}]|\[.*\])[[:space:]]*$'
        and {{ text }} ~ '^({{ scalar }}|[][{},:[:space:]])*$'
    )
{%- endmacro %}


{% macro spark__is_json(text) -%}
    try_parse_json({{ text }}) is not null
{%- endmacro %}
