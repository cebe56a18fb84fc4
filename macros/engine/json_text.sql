{# A text as JSON, between quotes and with everything escaped that may not stand there; the word null for null. Left to the
   engine, which knows every character that has to be escaped. #}
{% macro json_text(text) -%}
    {{ return(adapter.dispatch('json_text', 'crm_segmentation')(text)) }}
{%- endmacro %}


{% macro default__json_text(text) -%}
    coalesce(cast(to_json(cast({{ text }} as {{ dbt.type_string() }})) as {{ dbt.type_string() }}), 'null')
{%- endmacro %}


{# PostgreSQL writes the codes of control characters with small letters, the others with capitals. What follows a backslash that is
   itself escaped is no code. #}
{% macro postgres__json_text(text) -%}
    {%- set written = namespace(sql='cast(to_json(cast(' ~ text ~ ' as text)) as text)') -%}
    {%- for letter in 'abcdef' -%}
        {%- set code = "'(?<!\\\\)((?:\\\\\\\\)*)\\\\u00([01])" ~ letter ~ "'" -%}
        {%- set written.sql = "regexp_replace(" ~ written.sql ~ ", " ~ code ~ ", '\\1\\\\u00\\2" ~ letter | upper ~ "', 'g')" -%}
    {%- endfor -%}
    case
        when cast({{ text }} as text) ~ '[\x0b\x0e\x0f\x1a-\x1f]' then {{ written.sql }}
        else {{ crm_segmentation.default__json_text(text) }}
    end
{%- endmacro %}


{# Spark makes JSON of lists and structs alone: a list of one, without its brackets. #}
{% macro spark__json_text(text) -%}
    regexp_replace(to_json(array(cast({{ text }} as string))), '^.|.$', '')
{%- endmacro %}


{% macro snowflake__json_text(text) -%}
    coalesce(to_json(to_variant(cast({{ text }} as varchar))), 'null')
{%- endmacro %}


{# Characters that take two units in UTF-16, as an emoji does, are escaped there and nowhere else: they are put back. A pair of backslashes
   is matched first, so that the second of them begins nothing. #}
{% macro trino__json_text(text) -%}
    coalesce(
        regexp_replace(
            json_format(cast(cast({{ text }} as varchar) as json)),
            '(\\\\)|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})',
            found -> coalesce(found[1], chr(65536 + (from_base(found[2], 16) - 55296) * 1024 + from_base(found[3], 16) - 56320))
        ),
        'null'
    )
{%- endmacro %}


{% macro bigquery__json_text(text) -%}
    coalesce(to_json_string(cast({{ text }} as string)), 'null')
{%- endmacro %}
