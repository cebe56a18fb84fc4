{# A moment of the warehouse as one without zone, in UTC. #}
{% macro utc_moment(moment, physical_type) -%}
    {{ return(adapter.dispatch('utc_moment', 'crm_segmentation')(moment, physical_type)) }}
{%- endmacro %}


{% macro default__utc_moment(moment, physical_type) -%}
    {{ "timezone('UTC', " ~ moment ~ ")" if 'with time zone' in physical_type else 'cast(' ~ moment ~ ' as timestamp)' }}
{%- endmacro %}


{# Its sessions are in UTC, and its moments have no zone of their own. #}
{% macro spark__utc_moment(moment, physical_type) -%}
    cast({{ moment }} as timestamp)
{%- endmacro %}


{% macro snowflake__utc_moment(moment, physical_type) -%}
    {{ "cast(convert_timezone('UTC', " ~ moment ~ ") as timestamp)" if physical_type.startswith(('timestamp_tz', 'timestamp_ltz')) else 'cast(' ~ moment ~ ' as timestamp)' }}
{%- endmacro %}


{% macro trino__utc_moment(moment, physical_type) -%}
    {{ 'cast(' ~ ("at_timezone(" ~ moment ~ ", 'UTC')" if 'with time zone' in physical_type else moment) ~ ' as timestamp(6))' }}
{%- endmacro %}


{# Its timestamp is a moment, its datetime a clock without a zone. #}
{% macro bigquery__utc_moment(moment, physical_type) -%}
    {{ 'datetime(' ~ moment ~ ", 'UTC')" if physical_type | lower == 'timestamp' else 'cast(' ~ moment ~ ' as timestamp)' }}
{%- endmacro %}
