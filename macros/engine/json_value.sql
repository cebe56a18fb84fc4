{# The text that stands in JSON, or in a nested column, under a list of names; null where there is none. Without names the text that the
   JSON itself is. #}
{% macro json_value(expression, physical_type, names) -%}
    {{ return(adapter.dispatch('json_value', 'crm_segmentation')(expression, physical_type, names)) }}
{%- endmacro %}


{% macro default__json_value(expression, physical_type, names) -%}
    cast({{ crm_segmentation.as_json(expression, physical_type) }} #>> '{{ '{' ~ names | join(',') ~ '}' }}' as {{ dbt.type_string() }})
{%- endmacro %}


{% macro duckdb__json_value(expression, physical_type, names) -%}
    json_extract_string({{ crm_segmentation.as_json(expression, physical_type) }}, '${% for name in names %}."{{ name }}"{% endfor %}')
{%- endmacro %}


{% macro spark__json_value(expression, physical_type, names) -%}
    get_json_object({{ crm_segmentation.as_json(expression, physical_type) }}, '${% for name in names %}.{{ name }}{% endfor %}')
{%- endmacro %}


{# A text, a JSON column or a nested one as JSON. A text that is empty is none, and one that is no JSON is none where an engine can tell. #}
{% macro as_json(expression, physical_type) -%}
    {{ return(adapter.dispatch('as_json', 'crm_segmentation')(expression, physical_type)) }}
{%- endmacro %}


{% macro default__as_json(expression, physical_type) -%}
    {{ 'cast(nullif(' ~ expression ~ ", '') as jsonb)" if physical_type | lower in ['varchar', 'text', 'character varying'] else 'cast(' ~ expression ~ ' as jsonb)' }}
{%- endmacro %}


{% macro duckdb__as_json(expression, physical_type) -%}
    {{ 'try_cast(' ~ expression ~ ' as json)' if physical_type | lower in ['json', 'varchar', 'text'] else 'to_json(' ~ expression ~ ')' }}
{%- endmacro %}


{% macro spark__as_json(expression, physical_type) -%}
    {{ expression if physical_type | lower in ['json', 'string', 'text'] else 'to_json(' ~ expression ~ ')' }}
{%- endmacro %}


{% macro snowflake__json_value(expression, physical_type, names) -%}
    {%- set json = crm_segmentation.as_json(expression, physical_type) -%}
    {%- if names -%}
        cast(get_path({{ json }}, '{% for name in names %}["{{ name }}"]{% endfor %}') as varchar)
    {%- else -%}
        cast({{ json }} as varchar)
    {%- endif -%}
{%- endmacro %}


{# What is no JSON is null. A list or an object is one already. #}
{% macro snowflake__as_json(expression, physical_type) -%}
    {{ 'try_parse_json(' ~ expression ~ ')' if physical_type | lower in ['varchar', 'text'] else 'to_variant(' ~ expression ~ ')' }}
{%- endmacro %}


{# A list or an object as its text, anything else as what it says. #}
{% macro trino__json_value(expression, physical_type, names) -%}
    {%- set json = crm_segmentation.as_json(expression, physical_type) -%}
    {%- set path -%}'${% for name in names %}["{{ name }}"]{% endfor %}'{%- endset -%}
    coalesce(json_extract_scalar({{ json }}, {{ path }}), nullif(json_format(json_extract({{ json }}, {{ path }})), 'null'))
{%- endmacro %}


{# What is no JSON is null. Not by try(json_parse()), which Trino answers with an internal error within `nullif`. #}
{% macro trino__as_json(expression, physical_type) -%}
    {{ 'json_extract(' ~ expression ~ ", '$')" if physical_type | lower in ['text', 'string'] or physical_type.startswith('varchar') else 'cast(' ~ expression ~ ' as json)' }}
{%- endmacro %}


{# A list or an object as its text, anything else as what it says. #}
{% macro bigquery__json_value(expression, physical_type, names) -%}
    {%- set json = crm_segmentation.as_json(expression, physical_type) -%}
    {%- set path -%}'${% for name in names %}."{{ name }}"{% endfor %}'{%- endset -%}
    coalesce(json_value({{ json }}, {{ path }}), nullif(to_json_string(json_query({{ json }}, {{ path }})), 'null'))
{%- endmacro %}


{# What is no JSON is null. #}
{% macro bigquery__as_json(expression, physical_type) -%}
    {%- if physical_type | lower in ['text', 'string'] -%}
        safe.parse_json(nullif({{ expression }}, ''))
    {%- else -%}
        {{ expression if physical_type | lower == 'json' else 'to_json(' ~ expression ~ ')' }}
    {%- endif -%}
{%- endmacro %}
