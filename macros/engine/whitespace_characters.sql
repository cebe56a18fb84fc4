{# The characters of whitespace_codes as SQL of one text. #}
{% macro whitespace_characters() -%}
    {{ return(adapter.dispatch('whitespace_characters', 'crm_segmentation')()) }}
{%- endmacro %}


{# Tab, line feed, carriage return and space, then what shows as a space or not at all and is pasted along with a text: spaces that do not
   break, those of a fixed or of no width, marks of the direction of writing and the mark at the head of a file. #}
{% macro whitespace_codes() -%}
    {{- return(
        [9, 10, 13, 32, 160, 8199] + range(8203, 8208) | list + range(8234, 8240) | list + [8288] + range(8294, 8298) | list + [12288, 65279]
    ) -}}
{%- endmacro %}


{# By their numbers: an escape would not carry over. #}
{% macro default__whitespace_characters() -%}
    {%- set characters = [] -%}
    {%- for code in crm_segmentation.whitespace_codes() -%}
        {%- do characters.append('chr(' ~ code ~ ')') -%}
    {%- endfor -%}
    {{- return(characters | join(' || ')) -}}
{%- endmacro %}


{# As they are, but for the three that would break the line: DuckDB binds a function for each sign of a chain, and these
   stand at every column of text (DECISIONS.md). #}
{% macro duckdb__whitespace_characters() -%}
    {%- set characters = [] -%}
    {%- for code in crm_segmentation.whitespace_codes() -%}
        {%- do characters.append(crm_segmentation.line_break_escapes().get(code) or '%c' | format(code)) -%}
    {%- endfor -%}
    {{- return("E'" ~ characters | join ~ "'") -}}
{%- endmacro %}


{% macro line_break_escapes() -%}
    {{- return({9: '\\t', 10: '\\n', 13: '\\r'}) -}}
{%- endmacro %}


{# By escapes: chr counts from 0 to 255 there and begins anew, so that one of the marks of direction would be a full stop. #}
{% macro spark__whitespace_characters() -%}
    {%- set characters = [] -%}
    {%- for code in crm_segmentation.whitespace_codes() -%}
        {%- do characters.append('\\u%04x' | format(code)) -%}
    {%- endfor -%}
    {{- return("'" ~ characters | join ~ "'") -}}
{%- endmacro %}
