{# What a raw value says once spaces around it and the two ways of writing "nothing" are gone. #}
{% macro tidy_text(expression) -%}
    nullif(nullif({{ crm_segmentation.trim_whitespace('cast(' ~ expression ~ ' as ' ~ dbt.type_string() ~ ')') }}, ''), 'NULL')
{%- endmacro %}


{# The name of a source system, alike in every table: lower case, one space between words. #}
{% macro tidy_source_system(expression) -%}
    {%- set text = 'lower(' ~ crm_segmentation.tidy_text(expression) ~ ')' -%}
    case when {{ text }} like '%  %' then {{ crm_segmentation.regexp_replace_all(text, '[ ]+', ' ') }} else {{ text }} end
{%- endmacro %}


{# ISO 8601 only: any other order of day and month would be a guess. A moment with an offset is brought to UTC;
   no place is 15 hours away from it. #}
{% macro parse_timestamp(text, years='[12][0-9]{3}') -%}
    {%- set day = years ~ '-[01][0-9]-[0-3][0-9]' -%}
    {%- set time = '[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?' -%}
    {%- set offset = ' ?(Z|z|UTC|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)' -%}
    case
        when {{ crm_segmentation.regexp_like(text, '^' ~ day ~ '(' ~ time ~ ')?$') }}
            then {{ crm_segmentation.try_cast(text, 'timestamp') }}
        when {{ crm_segmentation.regexp_like(text, '^' ~ day ~ time | replace('[T ]', '[Tt ]') ~ '(' ~ offset ~ ')?$') }}
            then {{ crm_segmentation.utc_from_offset(crm_segmentation.with_plain_offset(text)) }}
    end
{%- endmacro %}


{# A moment with its offset and its seconds as ISO 8601 has them, from the ways other tools write one: 10:00:00 UTC, 10:00:00+0000,
   10:00z, or none. Step by step, because a text that is named once keeps the SQL short: an engine plans each copy of it anew. #}
{% macro with_plain_offset(text) -%}
    {%- set joined = "substr(" ~ text ~ ", 1, 10) || 'T' || replace(replace(upper(substr(" ~ text ~ ", 12)), 'UTC', 'Z'), ' ', '')" -%}
    {%- set with_colon = crm_segmentation.regexp_replace_all(joined, '([+-][0-9]{2})([0-9]{2})$', '\\1:\\2') -%}
    {%- set with_zone = crm_segmentation.regexp_replace_all(with_colon, '(T[0-9:.]+)$', '\\1Z') -%}
    {{ crm_segmentation.regexp_replace_all(with_zone, '(T[0-9]{2}:[0-9]{2})([Z+-])', '\\1:00\\2') }}
{%- endmacro %}


{# A moment written with its digits alone (20260102030405), or as the contract has it. #}
{% macro parse_digits(text) -%}
    {%- set parts = [] -%}
    {%- for start, length, sign in [(1, 4, '-'), (5, 2, '-'), (7, 2, ' '), (9, 2, ':'), (11, 2, ':'), (13, 2, '')] -%}
        {%- do parts.extend(["substr(" ~ text ~ ", " ~ start ~ ", " ~ length ~ ")", "'" ~ sign ~ "'"]) -%}
    {%- endfor -%}
    case
        when {{ crm_segmentation.regexp_like(text, '^[12][0-9]{13}$') }} then {{ crm_segmentation.try_cast(dbt.concat(parts[:-1]), 'timestamp') }}
        else {{ crm_segmentation.parse_timestamp(text) }}
    end
{%- endmacro %}


{# A moment with the English name of its month (02-Jan-2026 03:04:05), or as the contract has it. #}
{% macro parse_month_names(text) -%}
    {%- set names = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] -%}
    {%- set month -%}
        case upper(substr({{ text }}, 4, 3)){% for name in names %} when '{{ name }}' then '{{ '%02d' | format(loop.index) }}'{% endfor %} end
    {%- endset -%}
    {%- set parts = ["substr(" ~ text ~ ", 8, 4)", "'-'", month, "'-'", "substr(" ~ text ~ ", 1, 2)", "substr(" ~ text ~ ", 12)"] -%}
    case
        when {{ crm_segmentation.regexp_like(text, '^[0-3][0-9]-[A-Za-z]{3}-[12][0-9]{3} [0-2][0-9]:[0-5][0-9]:[0-5][0-9]$') }}
            then {{ crm_segmentation.try_cast(dbt.concat(parts), 'timestamp') }}
        else {{ crm_segmentation.parse_timestamp(text) }}
    end
{%- endmacro %}


{# The day as it is written: a birthday does not move to the day before because somebody added an offset. #}
{% macro parse_date(text) -%}
    case
        when {{ crm_segmentation.parse_timestamp(text) }} is not null
            then cast({{ crm_segmentation.try_cast('substr(' ~ text ~ ', 1, 10)', 'timestamp') }} as date)
    end
{%- endmacro %}


{# A decimal point and no thousands separator: 1,234 is two different numbers in two countries. #}
{% macro parse_decimal(text, data_type='numeric(18, 4)') -%}
    case
        when {{ crm_segmentation.regexp_like(text, '^[+-]?[0-9]{1,14}([.][0-9]+)?$') }}
            then {{ crm_segmentation.try_cast(text, data_type) }}
    end
{%- endmacro %}


{# 3.0 is what spreadsheets make of 3. #}
{% macro parse_integer(text) -%}
    case
        when {{ crm_segmentation.regexp_like(text, '^[+-]?[0-9]{1,9}([.]0+)?$') }}
            then cast(cast({{ text }} as numeric(18, 4)) as {{ dbt.type_int() }})
    end
{%- endmacro %}


{# A whole number as spreadsheets write it, without what they add: 17850.0 is 17850, and 1.785E4 too, because all its digits are
   there. Where digits are missing (4.9151E+11), and for any other text, the text as it is. #}
{% macro whole_number(text) -%}
    {%- set mantissa = crm_segmentation.text_part('lower(' ~ text ~ ')', 'e', 1) -%}
    {%- set exponent = crm_segmentation.try_cast(crm_segmentation.text_part('lower(' ~ text ~ ')', 'e', 2), dbt.type_int()) -%}
    case
        when {{ crm_segmentation.place_in_text("'.'", text) }} = 0 then {{ text }}
        when {{ crm_segmentation.regexp_like(text, '^[+-]?(0|[1-9][0-9]*)[.]0+$') }} then {{ crm_segmentation.text_part(text, '.', 1) }}
        when
            {{ crm_segmentation.regexp_like(text, '^[1-9][.][0-9]{1,17}[eE][+]?[0-9]{1,2}$') }}
            and length({{ crm_segmentation.text_part(mantissa, '.', 2) }}) = {{ exponent }}
            then replace({{ mantissa }}, '.', '')
        else {{ text }}
    end
{%- endmacro %}


{# Why a moment is none that can be used. Seconds and milliseconds since 1970 are not read, because a number of ten digits may
   be anything; that it looks like them is said, and that a date is none but for its year, such as the 0025 of a spreadsheet. #}
{% macro time_reason(raw_value, prefix='') -%}
    {%- set text = 'cast(' ~ raw_value ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    case
        when {{ crm_segmentation.regexp_like(text, '^[0-9]{10}([.][0-9]+)?$') }} then '{{ prefix }}in_epoch_seconds'
        when {{ crm_segmentation.regexp_like(text, '^[0-9]{13}([.][0-9]+)?$') }} then '{{ prefix }}in_epoch_milliseconds'
        when {{ crm_segmentation.parse_timestamp(text) }} is not null then '{{ prefix }}before_1970_or_in_the_future'
        when {{ crm_segmentation.parse_timestamp(text, years='(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[3-9][0-9]{3})') }} is not null
            then '{{ prefix }}year_out_of_range'
        else '{{ prefix }}unreadable'
    end
{%- endmacro %}
