{% macro utc_from_offset(text) -%}
    {{ return(adapter.dispatch('utc_from_offset', 'crm_segmentation')(text)) }}
{%- endmacro %}


{# Spark reads the offset and keeps the moment; its session is in UTC. #}
{% macro default__utc_from_offset(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}


{# A cast to a plain timestamp would drop the offset without a word. #}
{% macro duckdb__utc_from_offset(text) -%}
    timezone('UTC', try_cast({{ text }} as timestamptz))
{%- endmacro %}


{% macro postgres__utc_from_offset(text) -%}
    (cast({{ text }} as timestamptz) at time zone 'UTC')
{%- endmacro %}
