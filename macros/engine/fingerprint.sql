{# A whole number of at most 10 digits that differs between rows in all likelihood. Sums of it tell whether rows have
   changed. It never leaves the warehouse, so every engine may have its own. #}
{% macro fingerprint(columns) -%}
    {{ return(adapter.dispatch('fingerprint', 'crm_segmentation')(columns)) }}
{%- endmacro %}


{% macro default__fingerprint(columns) -%}
    (xxhash64({{ columns | join(', ') }}) % 4294967291)
{%- endmacro %}


{% macro duckdb__fingerprint(columns) -%}
    cast(hash({{ columns | join(', ') }}) % 4294967291 as bigint)
{%- endmacro %}


{% macro postgres__fingerprint(columns) -%}
    (hashtextextended(concat_ws(chr(31), {{ columns | join(', ') }}), 0) % 4294967291)
{%- endmacro %}
