{% macro local_time(moment, time_zone) -%}
    {{ return(adapter.dispatch('local_time', 'crm_segmentation')(moment, time_zone)) }}
{%- endmacro %}


{# The inner call says that the moment is in UTC, the outer one reads the clock of the zone. #}
{% macro default__local_time(moment, time_zone) -%}
    timezone({{ time_zone }}, timezone('UTC', {{ moment }}))
{%- endmacro %}


{# A zone by another name on an engine that takes its own for something else or does not know it. #}
{% macro renamed_zone(time_zone, names) -%}
    case {{ time_zone }}
        {%- for name, zone in names.items() %}
        when '{{ name }}' then '{{ zone }}'
        {%- endfor %}
        else {{ time_zone }}
    end
{%- endmacro %}


{# These four mean a fixed offset first in PostgreSQL, and everywhere else a zone that has summer time. #}
{% macro zone_of_postgres(time_zone) -%}
    {{- crm_segmentation.renamed_zone(
        time_zone, {'CET': 'Europe/Brussels', 'EET': 'Europe/Athens', 'MET': 'Europe/Brussels', 'WET': 'Europe/Lisbon'}
    ) -}}
{%- endmacro %}


{# These are an error to Trino, and two of them to Spark. Coyhaique became a zone of its own in 2025, with the clock of Punta Arenas. #}
{% macro zone_of_java(time_zone) -%}
    {{- crm_segmentation.renamed_zone(time_zone, {
        'America/Coyhaique': 'America/Punta_Arenas', 'EST': 'America/Panama', 'Etc/Greenwich': 'UTC', 'Etc/Zulu': 'UTC',
        'HST': 'Pacific/Honolulu', 'MST': 'America/Phoenix', 'ROC': 'Asia/Taipei',
    }) -}}
{%- endmacro %}


{% macro postgres__local_time(moment, time_zone) -%}
    timezone({{ crm_segmentation.zone_of_postgres(time_zone) }}, timezone('UTC', {{ moment }}))
{%- endmacro %}


{% macro spark__local_time(moment, time_zone) -%}
    from_utc_timestamp({{ moment }}, {{ crm_segmentation.zone_of_java(time_zone) }})
{%- endmacro %}


{% macro snowflake__local_time(moment, time_zone) -%}
    convert_timezone('UTC', {{ time_zone }}, {{ moment }})
{%- endmacro %}


{% macro trino__local_time(moment, time_zone) -%}
    cast(at_timezone(with_timezone({{ moment }}, 'UTC'), {{ crm_segmentation.zone_of_java(time_zone) }}) as timestamp(6))
{%- endmacro %}


{% macro bigquery__local_time(moment, time_zone) -%}
    datetime(timestamp({{ moment }}, 'UTC'), {{ time_zone }})
{%- endmacro %}
