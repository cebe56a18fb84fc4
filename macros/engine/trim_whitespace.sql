{% macro trim_whitespace(text) -%}
    {{ return(adapter.dispatch('trim_whitespace', 'crm_segmentation')(text)) }}
{%- endmacro %}


{# Tab, line feed, carriage return, space and no-break space, as characters: an escape would not carry over. #}
{% macro whitespace_characters() -%}
    chr(9) || chr(10) || chr(13) || chr(32) || chr(160)
{%- endmacro %}


{% macro default__trim_whitespace(text) -%}
    trim({{ text }}, {{ crm_segmentation.whitespace_characters() }})
{%- endmacro %}


{% macro postgres__trim_whitespace(text) -%}
    btrim({{ text }}, {{ crm_segmentation.whitespace_characters() }})
{%- endmacro %}


{# As one literal, which Spark plans faster than five calls. #}
{% macro spark__trim_whitespace(text) -%}
    trim(both '\t\n\r \u00a0' from {{ text }})
{%- endmacro %}
