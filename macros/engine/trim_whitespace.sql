{% macro trim_whitespace(text) -%}
    {{ return(adapter.dispatch('trim_whitespace', 'crm_segmentation')(text)) }}
{%- endmacro %}


{% macro default__trim_whitespace(text) -%}
    trim({{ text }}, {{ crm_segmentation.whitespace_characters() }})
{%- endmacro %}


{# Trimming by a set of characters is slow there, and most texts are plain ASCII (as many bytes as characters) without space around them. #}
{% macro duckdb__trim_whitespace(text) -%}
    case
        when
            {{ text }} >= '!' and strlen({{ text }}) = length({{ text }})
            and not (
                ends_with({{ text }}, ' ')
                {%- for escape in crm_segmentation.line_break_escapes().values() %}
                or ends_with({{ text }}, E'{{ escape }}')
                {%- endfor %}
            )
            then {{ text }}
        else trim({{ text }}, {{ crm_segmentation.whitespace_characters() }})
    end
{%- endmacro %}


{% macro postgres__trim_whitespace(text) -%}
    btrim({{ text }}, {{ crm_segmentation.whitespace_characters() }})
{%- endmacro %}


{% macro spark__trim_whitespace(text) -%}
    trim(both {{ crm_segmentation.whitespace_characters() }} from {{ text }})
{%- endmacro %}
