{# From a text or a number to timestamp, numeric(p, s) or integer; the types that the input contract has. #}
{% macro try_cast(expression, data_type) -%}
    {{ return(adapter.dispatch('try_cast', 'crm_segmentation')(expression, data_type)) }}
{%- endmacro %}


{% macro default__try_cast(expression, data_type) -%}
    try_cast({{ expression }} as {{ data_type }})
{%- endmacro %}


{# PostgreSQL has no such cast: what would fail is kept out by pattern and range. Digits beyond the microsecond are cut
   off, as DuckDB does, not rounded. #}
{% macro postgres__try_cast(expression, data_type) -%}
    {%- if data_type == 'timestamp' -%}
        case
            when {{ expression }} ~ '^{{ crm_segmentation.calendar_day_pattern() }}([T ]{{ crm_segmentation.clock_time_pattern() }})?$'
                then cast(substr({{ expression }}, 1, 26) as timestamp)
        end
    {%- else -%}
        {%- set digits = modules.re.findall('[0-9]+', data_type) | map('int') | list -%}
        {%- set scale = digits[1] if digits | length == 2 else 0 -%}
        {%- set limit = 10 ** (digits[0] - scale) if digits else 2147483648 -%}
        case
            when cast({{ expression }} as text) ~ '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$'
                then case
                    when abs(round(cast(cast({{ expression }} as text) as numeric), {{ scale }})) < {{ limit }}
                        then cast(cast(cast({{ expression }} as text) as numeric) as {{ data_type }})
                end
        end
    {%- endif -%}
{%- endmacro %}


{# A day that the calendar has, yyyy-mm-dd, leap years included. #}
{% macro calendar_day_pattern() -%}
    {%- set leap_year = '([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)' -%}
    ([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|{{ leap_year }}-02-29)
{%- endmacro %}


{# Hours and minutes, and seconds with their fraction where there are any. #}
{% macro clock_time_pattern() -%}
    ([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?
{%- endmacro %}


{# Snowflake reads texts alone. Digits beyond the microsecond are cut off. #}
{% macro snowflake__try_cast(expression, data_type) -%}
    {%- set text = 'cast(' ~ expression ~ ' as varchar)' -%}
    try_cast({{ 'substr(' ~ text ~ ', 1, 26)' if data_type == 'timestamp' else text }} as {{ data_type }})
{%- endmacro %}


{# Between day and time Trino reads a space alone. Digits beyond the microsecond are cut off, which a cast would round. #}
{% macro trino__try_cast(expression, data_type) -%}
    {%- if data_type == 'timestamp' -%}
        try_cast(replace(substr({{ expression }}, 1, 26), 'T', ' ') as timestamp(6))
    {%- else -%}
        try_cast({{ expression }} as {{ crm_segmentation.trino__engine_type(data_type) }})
    {%- endif -%}
{%- endmacro %}


{# Seconds are no choice there, and a tenth decimal of them makes a moment unreadable: digits beyond the microsecond are cut off. A number
   becomes a whole one by way of a decimal, because a text with a point is no whole number. #}
{% macro bigquery__try_cast(expression, data_type) -%}
    {%- if data_type == 'timestamp' -%}
        safe_cast({{ crm_segmentation.regexp_replace_all('substr(' ~ expression ~ ', 1, 26)', '([ T][0-9]{2}:[0-9]{2})$', '\\1:00') }} as timestamp)
    {%- elif data_type.startswith('numeric') -%}
        safe_cast({{ expression }} as {{ data_type }})
    {%- else -%}
        {%- set number = 'safe_cast(cast(' ~ expression ~ ' as string) as numeric)' -%}
        case when abs(round({{ number }})) < 2147483648 then cast({{ number }} as bigint) end
    {%- endif -%}
{%- endmacro %}
