{# The moment in UTC at which the clock of a zone shows a moment without zone. #}
{% macro utc_from_local(moment, time_zone) -%}
    {{ return(adapter.dispatch('utc_from_local', 'crm_segmentation')(moment, time_zone)) }}
{%- endmacro %}


{% macro default__utc_from_local(moment, time_zone) -%}
    timezone('UTC', timezone({{ time_zone }}, {{ moment }}))
{%- endmacro %}


{% macro postgres__utc_from_local(moment, time_zone) -%}
    timezone('UTC', timezone({{ crm_segmentation.zone_of_postgres(time_zone) }}, {{ moment }}))
{%- endmacro %}


{% macro spark__utc_from_local(moment, time_zone) -%}
    to_utc_timestamp({{ moment }}, {{ crm_segmentation.zone_of_java(time_zone) }})
{%- endmacro %}


{% macro snowflake__utc_from_local(moment, time_zone) -%}
    convert_timezone({{ time_zone }}, 'UTC', {{ moment }})
{%- endmacro %}


{% macro trino__utc_from_local(moment, time_zone) -%}
    cast(at_timezone(with_timezone({{ moment }}, {{ crm_segmentation.zone_of_java(time_zone) }}), 'UTC') as timestamp(6))
{%- endmacro %}


{% macro bigquery__utc_from_local(moment, time_zone) -%}
    datetime(timestamp({{ moment }}, {{ time_zone }}), 'UTC')
{%- endmacro %}
