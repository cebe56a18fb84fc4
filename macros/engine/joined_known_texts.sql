{# Texts of which none is null, with a separator between them. #}
{% macro joined_known_texts(texts, separator) -%}
    {{ return(adapter.dispatch('joined_known_texts', 'crm_segmentation')(texts, separator)) }}
{%- endmacro %}


{% macro default__joined_known_texts(texts, separator) -%}
    {{ crm_segmentation.joined_texts(texts, separator) }}
{%- endmacro %}


{# One call, because each || of a chain copies all that stands before it. #}
{% macro duckdb__joined_known_texts(texts, separator) -%}
    concat_ws({{ separator }}, {{ texts | join(', ') }})
{%- endmacro %}
