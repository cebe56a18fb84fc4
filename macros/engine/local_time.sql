{% macro local_time(moment, time_zone) -%}
    {{ return(adapter.dispatch('local_time', 'crm_segmentation')(moment, time_zone)) }}
{%- endmacro %}


{# The inner call says that the moment is in UTC, the outer one reads the clock of the zone. #}
{% macro default__local_time(moment, time_zone) -%}
    timezone({{ time_zone }}, timezone('UTC', {{ moment }}))
{%- endmacro %}


{# These four names mean a fixed offset first in PostgreSQL, and everywhere else the zone that its rules keep under another name today. #}
{% macro zone_with_summer_time(time_zone) -%}
    case {{ time_zone }}
        {%- for name, zone in {'CET': 'Europe/Brussels', 'EET': 'Europe/Athens', 'MET': 'Europe/Brussels', 'WET': 'Europe/Lisbon'}.items() %}
        when '{{ name }}' then '{{ zone }}'
        {%- endfor %}
        else {{ time_zone }}
    end
{%- endmacro %}


{% macro postgres__local_time(moment, time_zone) -%}
    timezone({{ crm_segmentation.zone_with_summer_time(time_zone) }}, timezone('UTC', {{ moment }}))
{%- endmacro %}


{% macro spark__local_time(moment, time_zone) -%}
    from_utc_timestamp({{ moment }}, {{ time_zone }})
{%- endmacro %}


{% macro snowflake__local_time(moment, time_zone) -%}
    convert_timezone('UTC', {{ time_zone }}, {{ moment }})
{%- endmacro %}


{% macro trino__local_time(moment, time_zone) -%}
    cast(at_timezone(with_timezone({{ moment }}, 'UTC'), {{ time_zone }}) as timestamp(6))
{%- endmacro %}


{% macro bigquery__local_time(moment, time_zone) -%}
    datetime(timestamp({{ moment }}, 'UTC'), {{ time_zone }})
{%- endmacro %}
