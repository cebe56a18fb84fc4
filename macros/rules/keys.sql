{# The unit separator stands between the parts, so that (a, bc) and (ab, c) differ. #}
{% macro hashed_key(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append(crm_segmentation.text_of(column)) -%}
    {%- endfor -%}
    {{ crm_segmentation.md5_hex(crm_segmentation.joined_texts(parts, 'chr(31)')) }}
{%- endmacro %}


{# Texts with a separator between them, as one call where the engine has one: a chain of || is read by Spark in time that
   grows with the square of its length. #}
{% macro joined_texts(texts, separator) -%}
    {%- set parts = [] -%}
    {%- for text in texts -%}
        {%- do parts.extend([text] if loop.last else [text, separator]) -%}
    {%- endfor -%}
    {{- dbt.concat(parts) -}}
{%- endmacro %}


{# A key that is an e-mail address is the same in any letter case; other keys, such as a hash, are not. #}
{% macro address_as_key(key) -%}
    case when {{ key }} like '%@%' then lower({{ key }}) else {{ key }} end
{%- endmacro %}


{# A key as an identifier of type crm_id: with its system, because the keys of two systems may be equal and mean two people. #}
{% macro crm_id(source_system, key) -%}
    {{- dbt.concat([source_system, "':'", key]) -}}
{%- endmacro %}


{# What a JSON text says, as a text that is the same on every engine: one of PostgreSQL puts entries in another order, and blanks
   between them. Quotes, blanks and brackets are taken out, escaped characters are written as such, and entries are put in order; to
   whom a nested entry belonged is lost. For keys alone. #}
{% macro json_as_key(text) -%}
    {%- set bare = "replace(replace(replace(" ~ text ~ ", chr(92) || chr(92), ''), chr(92) || chr(34), ''), chr(34), '')" -%}
    {%- set parts = "translate(" ~ bare ~ ", '{}[]' || " ~ crm_segmentation.whitespace_characters() ~ ", ',,,,')" -%}
    {%- set unescaped = crm_segmentation.json_value('chr(34) || ' ~ parts ~ ' || chr(34)', 'text', []) -%}
    {{- crm_segmentation.sorted_parts('coalesce(' ~ unescaped ~ ', ' ~ parts ~ ')', ',') -}}
{%- endmacro %}
