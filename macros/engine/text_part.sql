{# What stands between one separator and the next in a text; empty where there are fewer parts. #}
{% macro text_part(text, separator, number) -%}
    {{ return(adapter.dispatch('text_part', 'crm_segmentation')(text, separator, number)) }}
{%- endmacro %}


{% macro default__text_part(text, separator, number) -%}
    split_part({{ text }}, '{{ separator }}', {{ number }})
{%- endmacro %}


{# A part that is not there would be null: so many separators are added that it is. #}
{% macro trino__text_part(text, separator, number) -%}
    split_part({{ "(" ~ text ~ ") || '" ~ separator * (number - 1) ~ "'" if number > 1 else text }}, '{{ separator }}', {{ number }})
{%- endmacro %}


{# A part that is not there would be null: so many separators are added that it is. #}
{% macro bigquery__text_part(text, separator, number) -%}
    split({{ "(" ~ text ~ ") || '" ~ separator * (number - 1) ~ "'" if number > 1 else text }}, '{{ separator }}')[safe_offset({{ number - 1 }})]
{%- endmacro %}
