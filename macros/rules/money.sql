{% macro is_currency_code(text) -%}
    {{ crm_segmentation.regexp_like(text, '^[A-Z]{3}$') }}
{%- endmacro %}
