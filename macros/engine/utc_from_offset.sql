{% macro utc_from_offset(text) -%}
    {{ return(adapter.dispatch('utc_from_offset', 'crm_segmentation')(text)) }}
{%- endmacro %}


{# Spark, whose session is in UTC, reads the offset and keeps the moment. #}
{% macro default__utc_from_offset(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}


{# A cast to a plain timestamp would drop the offset without a word. #}
{% macro duckdb__utc_from_offset(text) -%}
    timezone('UTC', try_cast({{ text }} as timestamptz))
{%- endmacro %}


{# A day that the calendar does not have would be an error; digits beyond the microsecond are cut off. #}
{% macro postgres__utc_from_offset(text) -%}
    case
        when {{ text }} ~ '^{{ crm_segmentation.calendar_day_pattern() }}[T ]{{ crm_segmentation.clock_time_pattern() }}(Z|[+-](0[0-9]|1[0-4])(:[0-5][0-9])?)$'
            then cast(regexp_replace({{ text }}, '([.][0-9]{6})[0-9]+', '\1') as timestamptz) at time zone 'UTC'
    end
{%- endmacro %}


{# A cast to a plain timestamp would drop the offset without a word. An offset of whole hours is given its minutes, and digits beyond the
   microsecond are cut off. #}
{% macro snowflake__utc_from_offset(text) -%}
    {%- set with_minutes = crm_segmentation.regexp_replace_all(text, '([+-][0-9]{2})$', '\\1:00') -%}
    {%- set to_microseconds = crm_segmentation.regexp_replace_all(with_minutes, '([.][0-9]{6})[0-9]+', '\\1') -%}
    cast(convert_timezone('UTC', try_to_timestamp_tz({{ to_microseconds }})) as timestamp)
{%- endmacro %}


{# An offset of more than 14 hours is none for Trino, so that the moment is worked out from its parts: the clock, less hours and minutes. #}
{% macro trino__utc_from_offset(text) -%}
    {%- set part = 'regexp_extract(' ~ text ~ ", '([+-])(0[0-9]|1[0-4])(:([0-5][0-9]))?$', " -%}
    {%- set minutes = 'cast(' ~ part ~ '2) as bigint) * 60 + coalesce(cast(' ~ part ~ '4) as bigint), 0)' -%}
    {%- set clock = crm_segmentation.try_cast('regexp_extract(' ~ text ~ ", '^.{19}([.][0-9]+)?')", 'timestamp') -%}
    date_add('minute', coalesce(case when {{ part }}1) = '-' then 1 else -1 end * ({{ minutes }}), 0), {{ clock }})
{%- endmacro %}


{# A timestamp is a moment there, and its digits end at the microsecond: more of them would make it unreadable. #}
{% macro bigquery__utc_from_offset(text) -%}
    datetime(safe_cast({{ crm_segmentation.regexp_replace_all(text, '([.][0-9]{6})[0-9]+', '\\1') }} as timestamp with time zone), 'UTC')
{%- endmacro %}
