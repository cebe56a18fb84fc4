{% macro regexp_like(text, pattern) -%}
    {{ return(adapter.dispatch('regexp_like', 'crm_segmentation')(text, pattern)) }}
{%- endmacro %}


{% macro default__regexp_like(text, pattern) -%}
    regexp_like({{ text }}, '{{ pattern }}')
{%- endmacro %}


{% macro duckdb__regexp_like(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}


{# The function of that name came with PostgreSQL 15; the operator is in every version. #}
{% macro postgres__regexp_like(text, pattern) -%}
    ({{ text }} ~ '{{ pattern }}')
{%- endmacro %}


{# The function of that name wants the whole text to match; s lets a point stand for a line end too. #}
{% macro snowflake__regexp_like(text, pattern) -%}
    regexp_like({{ text }}, '.*({{ pattern }}).*', 's')
{%- endmacro %}


{# Callers have escaped a quote within a pattern for a literal. Here the whole pattern is, whose backslashes are doubled. #}
{% macro bigquery__regexp_like(text, pattern) -%}
    regexp_contains({{ text }}, {{ crm_segmentation.bigquery__pattern(pattern) }})
{%- endmacro %}


{% macro bigquery__pattern(pattern) -%}
    {{- crm_segmentation.text_literal(pattern | replace("\\'", "'")) -}}
{%- endmacro %}
