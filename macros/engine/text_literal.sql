{# A text as a literal of SQL, whatever stands in it. #}
{% macro text_literal(text) -%}
    {{ return(adapter.dispatch('text_literal', 'crm_segmentation')(text)) }}
{%- endmacro %}


{% macro default__text_literal(text) -%}
    {{- return("'" ~ dbt.escape_single_quotes(text) ~ "'") -}}
{%- endmacro %}


{# A backslash escapes there, and a line may not end between single quotes. #}
{% macro bigquery__text_literal(text) -%}
    {{- return("'" ~ text | replace('\\', '\\\\') | replace("'", "\\'") | replace('\n', '\\n') | replace('\r', '\\r') ~ "'") -}}
{%- endmacro %}
