{# The moment in UTC that lies a number of microseconds after 1970 began. #}
{% macro from_epoch(microseconds) -%}
    {{ return(adapter.dispatch('from_epoch', 'crm_segmentation')(microseconds)) }}
{%- endmacro %}


{% macro default__from_epoch(microseconds) -%}
    cast('1970-01-01 00:00:00' as timestamp) + cast({{ microseconds }} as bigint) * interval '1 microsecond'
{%- endmacro %}


{% macro duckdb__from_epoch(microseconds) -%}
    make_timestamp(cast({{ microseconds }} as bigint))
{%- endmacro %}


{% macro spark__from_epoch(microseconds) -%}
    timestamp_micros(cast({{ microseconds }} as bigint))
{%- endmacro %}


{% macro snowflake__from_epoch(microseconds) -%}
    dateadd('microsecond', cast({{ microseconds }} as bigint), cast('1970-01-01 00:00:00' as timestamp))
{%- endmacro %}


{% macro trino__from_epoch(microseconds) -%}
    cast(at_timezone(from_unixtime_nanos(cast({{ microseconds }} as bigint) * 1000), 'UTC') as timestamp(6))
{%- endmacro %}


{% macro bigquery__from_epoch(microseconds) -%}
    datetime(timestamp_micros(cast({{ microseconds }} as bigint)))
{%- endmacro %}
