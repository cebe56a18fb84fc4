{# A whole number that is another when one of the columns is another, small enough to be summed over a thousand million rows: sums of it find
   a changed row. It is never shown, because every engine has its own. #}
{% macro row_fingerprint(columns) -%}
    {{ crm_segmentation.remainder(adapter.dispatch('row_hash', 'crm_segmentation')(columns), 9999999967) }}
{%- endmacro %}


{# Most engines pass over nulls where they hash several columns, so that a value which moves from one column to the next would not be seen. #}
{% macro default__row_hash(columns) -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}
        {%- do texts.append('coalesce(' ~ crm_segmentation.text_of(column) ~ ", '')") -%}
    {%- endfor -%}
    {{ crm_segmentation.key_hash(texts) }}
{%- endmacro %}


{% macro duckdb__row_hash(columns) -%}
    {{ crm_segmentation.key_hash(columns) }}
{%- endmacro %}
