{# A hash that is quick to count and to join by, to find what may be the same. Equal keys have equal hashes; the
   hash is stored nowhere, because every engine has its own. #}
{% macro key_hash(columns) -%}
    {{ return(adapter.dispatch('key_hash', 'crm_segmentation')(columns)) }}
{%- endmacro %}


{% macro default__key_hash(columns) -%}
    {{ crm_segmentation.hashed_key(columns) }}
{%- endmacro %}


{% macro duckdb__key_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}


{% macro postgres__key_hash(columns) -%}
    hashtextextended({{ columns | join(" || chr(31) || ") }}, 0)
{%- endmacro %}


{% macro spark__key_hash(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}
