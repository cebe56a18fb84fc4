{% macro regexp_replace_all(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('regexp_replace_all', 'crm_segmentation')(text, pattern, replacement)) }}
{%- endmacro %}


{% macro default__regexp_replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}


{# Spark replaces every match and takes no flag; it writes $1 for what the first brackets matched. #}
{% macro spark__regexp_replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace('\\', '$') }}')
{%- endmacro %}


{# Snowflake replaces every match; a fourth argument would say where to begin. A backslash in a literal has to be doubled. #}
{% macro snowflake__regexp_replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace('\\', '\\\\') }}')
{%- endmacro %}


{# Trino replaces every match and takes no flag; it writes $1 for what the first brackets matched. #}
{% macro trino__regexp_replace_all(text, pattern, replacement) -%}
    {{ crm_segmentation.spark__regexp_replace_all(text, pattern, replacement) }}
{%- endmacro %}


{# BigQuery replaces every match and takes no flag. #}
{% macro bigquery__regexp_replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ crm_segmentation.bigquery__pattern(pattern) }}, {{ crm_segmentation.text_literal(replacement) }})
{%- endmacro %}
