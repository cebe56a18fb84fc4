{# SQL of this project in the words that the engine has for types: models say numeric and timestamp. #}
{% macro engine_types(sql) -%}
    {{ return(adapter.dispatch('engine_types', 'crm_segmentation')(sql)) }}
{%- endmacro %}


{% macro default__engine_types(sql) -%}
    {{- return(sql) -}}
{%- endmacro %}


{# Trino does not know numeric, and a timestamp without a number keeps milliseconds alone. #}
{% macro trino__engine_types(sql) -%}
    {%- set sql = modules.re.sub('(?i)\\bas numeric\\(', 'as decimal(', sql) -%}
    {{- return(modules.re.sub('(?i)\\bas timestamp(?= *[)])', 'as timestamp(6)', sql)) -}}
{%- endmacro %}


{# The type of a column in a contract or a seed. #}
{% macro trino__engine_type(data_type) -%}
    {%- set data_type = data_type | lower | trim -%}
    {%- if data_type == 'text' or data_type.startswith('varchar') -%}{{- return('varchar') -}}{%- endif -%}
    {%- if data_type == 'timestamp' -%}{{- return('timestamp(6)') -}}{%- endif -%}
    {{- return(data_type | replace('numeric', 'decimal')) -}}
{%- endmacro %}


{# Where dbt runs a query of this project on Trino: data tests and dbt show, unit tests, and columns that are looked at before a table is made. #}
{% macro trino__get_limit_sql(sql, limit) -%}
    {{ dbt.default__get_limit_sql(crm_segmentation.engine_types(sql), limit) }}
{%- endmacro %}


{% macro trino__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
    {{ dbt.default__get_unit_test_sql(crm_segmentation.engine_types(main_sql), expected_fixture_sql, expected_column_names) }}
{%- endmacro %}


{% macro trino__get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
    {{ dbt.default__get_empty_subquery_sql(crm_segmentation.engine_types(select_sql), select_sql_header) }}
{%- endmacro %}


{% macro trino__cast(field, type) -%}
    cast({{ field }} as {{ crm_segmentation.trino__engine_type(type) }})
{%- endmacro %}


{# BigQuery's timestamp is a moment with a zone; a clock without one, as models mean it, is a datetime. A numeric has nine decimals and 29
   digits before them: what needs more is a bignumeric. #}
{% macro bigquery__engine_types(sql) -%}
    {%- set sql = modules.re.sub('(?i)\\bas timestamp(?= *[)])', 'as datetime', sql) -%}
    {%- set sql = modules.re.sub('(?i)\\bas timestamp with time zone(?= *[)])', 'as timestamp', sql) -%}
    {%- for decimal in modules.re.findall('(?i)\\bas numeric\\([0-9]+(?:, *[0-9]+)?\\)', sql) | unique -%}
        {%- set sql = sql | replace(decimal, 'as ' ~ crm_segmentation.bigquery__engine_type(decimal[3:])) -%}
    {%- endfor -%}
    {{- return(sql) -}}
{%- endmacro %}


{# The type of a column in a contract or a seed. #}
{% macro bigquery__engine_type(data_type) -%}
    {%- set data_type = data_type | lower | trim | replace('decimal', 'numeric') -%}
    {%- set digits = modules.re.findall('[0-9]+', data_type) | map('int') | list -%}
    {%- if data_type == 'text' or data_type.startswith('varchar') -%}{{- return('string') -}}{%- endif -%}
    {%- if data_type == 'timestamp' -%}{{- return('datetime') -}}{%- endif -%}
    {%- if data_type == 'double precision' -%}{{- return('float64') -}}{%- endif -%}
    {%- if data_type.startswith('numeric') and digits and (digits[0] - (digits[1] or 0) > 29 or (digits[1] or 0) > 9) -%}
        {{- return('big' ~ data_type) -}}
    {%- endif -%}
    {{- return(data_type) -}}
{%- endmacro %}


{# The same places on BigQuery; and what a merge reads, which is no table made before. #}
{% macro bigquery__get_limit_sql(sql, limit) -%}
    {{ dbt.default__get_limit_sql(crm_segmentation.engine_types(sql), limit) }}
{%- endmacro %}


{% macro bigquery__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
    {{ dbt.default__get_unit_test_sql(crm_segmentation.engine_types(main_sql), expected_fixture_sql, expected_column_names) }}
{%- endmacro %}


{% macro bigquery__get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
    {{ dbt.bigquery__get_empty_subquery_sql(crm_segmentation.engine_types(select_sql), select_sql_header) }}
{%- endmacro %}


{% macro bigquery__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
    {{ dbt.default__get_merge_sql(target, crm_segmentation.engine_types(source), unique_key, dest_columns, incremental_predicates) }}
{%- endmacro %}


{% macro bigquery__cast(field, type) -%}
    cast({{ field }} as {{ crm_segmentation.bigquery__engine_type(type) }})
{%- endmacro %}
