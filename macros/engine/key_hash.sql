{# A whole number that is quick to count and to join by, to find what may be the same: equal keys have equal hashes. It is
   never shown and decides nothing by itself, because every engine has its own. #}
{% macro key_hash(columns) -%}
    {{ return(adapter.dispatch('key_hash', 'crm_segmentation')(columns)) }}
{%- endmacro %}


{% macro default__key_hash(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}


{% macro duckdb__key_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}


{% macro postgres__key_hash(columns) -%}
    hashtextextended(concat_ws(chr(31), {{ columns | join(', ') }}), 0)
{%- endmacro %}


{% macro snowflake__key_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}


{% macro trino__key_hash(columns) -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}
        {%- do texts.append('cast(' ~ column ~ ' as varchar)') -%}
    {%- endfor -%}
    from_big_endian_64(xxhash64(to_utf8(concat_ws(chr(31), {{ texts | join(', ') }}))))
{%- endmacro %}


{# A null is as good as an empty text here. #}
{% macro bigquery__key_hash(columns) -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}
        {%- do texts.append('coalesce(cast(' ~ column ~ " as string), '')") -%}
    {%- endfor -%}
    farm_fingerprint({{ texts | join(' || chr(31) || ') }})
{%- endmacro %}
