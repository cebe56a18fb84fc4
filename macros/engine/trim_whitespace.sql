{% macro trim_whitespace(text) -%}
    {{ return(adapter.dispatch('trim_whitespace', 'crm_segmentation')(text)) }}
{%- endmacro %}


{# Tab, line feed, carriage return and space, then what shows as a space or not at all and is pasted along with a text: spaces that do not
   break, those of a fixed or of no width, marks of the direction of writing and the mark at the head of a file. #}
{% macro whitespace_codes() -%}
    {{- return(
        [9, 10, 13, 32, 160, 8199] + range(8203, 8208) | list + range(8234, 8240) | list + [8288] + range(8294, 8298) | list + [12288, 65279]
    ) -}}
{%- endmacro %}


{# Those characters as SQL, by their numbers: an escape would not carry over. #}
{% macro whitespace_characters() -%}
    {%- set characters = [] -%}
    {%- for code in crm_segmentation.whitespace_codes() -%}
        {%- do characters.append('chr(' ~ code ~ ')') -%}
    {%- endfor -%}
    {{- characters | join(' || ') -}}
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
                {%- for code in [32, 9, 10, 13] %}
                {{ 'or ' if not loop.first }}ends_with({{ text }}, chr({{ code }}))
                {%- endfor %}
            )
            then {{ text }}
        else trim({{ text }}, {{ crm_segmentation.whitespace_characters() }})
    end
{%- endmacro %}


{% macro postgres__trim_whitespace(text) -%}
    btrim({{ text }}, {{ crm_segmentation.whitespace_characters() }})
{%- endmacro %}


{# As one literal, which Spark plans faster than a call for each. #}
{% macro spark__trim_whitespace(text) -%}
    trim(both '{% for code in crm_segmentation.whitespace_codes() %}{{ '\\u%04x' | format(code) }}{% endfor %}' from {{ text }})
{%- endmacro %}
