{# Whether a text is one JSON value as RFC 8259 has it: no comma too many, no NaN, no line break inside a string. #}
{% macro is_json(text) -%}
    {{ return(adapter.dispatch('is_json', 'crm_segmentation')(text)) }}
{%- endmacro %}


{% macro default__is_json(text) -%}
    json_valid({{ text }})
{%- endmacro %}


{# DuckDB's own test lets a comma too many and numbers that are none pass. They are looked for outside of strings. #}
{% macro duckdb__is_json(text) -%}
    {%- set string = '"([^"\\\\]|\\\\.)*"' -%}
    (
        json_valid({{ text }})
        and not regexp_matches(regexp_replace({{ text }}, '{{ string }}', '""', 'g'), '(?i),\s*[]}]|nan|inf')
    )
{%- endmacro %}


{# PostgreSQL 15 has no test that does not raise. #}
{% macro postgres__is_json(text) -%}
    {{ crm_segmentation.is_json_by_patterns(text, '"([^"\\\\\\u0001-\\u001F]|\\\\(["\\\\/bfnrt]|u[0-9A-Fa-f]{4}))*"', '[ \\t\\n\\r]*') }}
{%- endmacro %}


{# Snowflake's own test lets single quotes, NaN and a comma too many pass. Backslashes are doubled for the literal; what else may stand
   in no text is looked for by itself. #}
{% macro snowflake__is_json(text) -%}
    {%- set characters = [] -%}
    {%- for code in range(1, 32) if code not in [9, 10, 13] -%}
        {%- do characters.append('chr(' ~ code ~ ')') -%}
    {%- endfor -%}
    {%- set string = '"([^"\\\\\\\\\\\\t\\\\n\\\\r]|\\\\\\\\(["\\\\\\\\/bfnrt]|u[0-9A-Fa-f]{4}))*"' -%}
    (
        {{ crm_segmentation.is_json_by_patterns(text, string, '[ \\\\t\\\\n\\\\r]*') }}
        and translate({{ text }}, {{ characters | join(' || ') }}, '') = {{ text }}
    )
{%- endmacro %}


{# Every scalar becomes a string or 0, then the innermost brackets become 0 until one value is left. Brackets more than eight deep are
   not followed: such a text is taken for JSON. string, blank: patterns of a string and of what may stand between values. #}
{% macro is_json_by_patterns(text, string, blank) -%}
    {%- set scalar = '-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?|true|false|null' -%}
    {%- set value = '(""|0)' -%}
    {%- set pair = '""' ~ blank ~ ':' ~ blank ~ value -%}
    {%- set lists = [] -%}
    {%- for item in [value, pair] -%}
        {%- do lists.append(blank ~ '(' ~ item ~ '(' ~ blank ~ ',' ~ blank ~ item ~ ')*)?' ~ blank) -%}
    {%- endfor -%}
    {%- set brackets = '[[]' ~ lists[0] ~ '[]]|[{]' ~ lists[1] ~ '[}]' -%}
    {%- set reduced = namespace(sql=crm_segmentation.regexp_replace_all(crm_segmentation.regexp_replace_all(text, string, '""'), scalar, '0')) -%}
    {%- for depth in range(8) -%}
        {%- set reduced.sql = crm_segmentation.regexp_replace_all(reduced.sql, brackets, '0') -%}
    {%- endfor -%}
    {{ crm_segmentation.regexp_like(reduced.sql, '^' ~ blank ~ value ~ blank ~ '$|' ~ brackets) }}
{%- endmacro %}


{# Spark stops reading after the first value. Only one value and nothing else is right both in a list and in an object. A
   name that stands twice in one object is no JSON for Spark. #}
{% macro spark__is_json(text) -%}
    case
        when {{ text }} is not null
            then try_parse_json(concat('[', {{ text }}, ']')) is not null and try_parse_json(concat('{"a":', {{ text }}, '}')) is not null
    end
{%- endmacro %}


{# What cannot be read is an error, which try makes null. #}
{% macro trino__is_json(text) -%}
    case when {{ text }} is not null then try(json_parse({{ text }})) is not null end
{%- endmacro %}


{# What cannot be read is null after safe. #}
{% macro bigquery__is_json(text) -%}
    case when {{ text }} is not null then safe.parse_json({{ text }}) is not null end
{%- endmacro %}
