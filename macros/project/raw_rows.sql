{# The contract of one raw table, from models/staging/_raw__sources.yml. #}
{% macro raw_contract(table) %}
    {%- for source in graph.sources.values() if source.name == table and source.package_name == 'crm_segmentation' -%}
        {{- return(source) -}}
    {%- endfor -%}
{% endmacro %}


{# The demo's seed or the company's own table; none when it is not there. #}
{% macro raw_relation(table) %}
    {%- if var('demo_data') -%}
        {{- return(ref('crm_segmentation', table)) -}}
    {%- elif table in var('raw_tables') -%}
        {{- return(source('raw', table)) -}}
    {%- endif -%}
    {{- return(none) -}}
{% endmacro %}


{# Physical columns by lower-cased name. None when there is nothing to look at yet: a seed before its
   first build or the input of a unit test, which both follow the contract. #}
{% macro raw_columns(table, relation) %}
    {%- if var('demo_data') -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set found = load_relation(relation) -%}
    {%- if found is none -%}
        {{- exceptions.raise_compiler_error(
            "Raw table " ~ table ~ " not found as " ~ relation ~ ". Load it, correct raw_database / raw_schema, "
            ~ "or, where the table is optional, take it off the variable raw_tables."
        ) -}}
    {%- endif -%}
    {%- set columns = {} -%}
    {%- for column in adapter.get_columns_in_relation(found) -%}
        {%- do columns.update({column.name | lower: column}) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{% endmacro %}


{# One raw column cast to the type of the contract. A column that has that type already is taken as it is. #}
{% macro cast_raw_column(column, contract_type, physical_type) -%}
    {%- set text = crm_segmentation.tidy_text(column) -%}
    {%- set physical = physical_type | lower -%}
    {%- set is_number = physical.startswith(('dec', 'num', 'int', 'bigint', 'smallint', 'tinyint', 'hugeint', 'uint', 'ubigint', 'double', 'real', 'float')) -%}
    {%- if contract_type == 'timestamp' -%}
        {{ 'cast(' ~ column ~ ' as timestamp)' if physical.startswith(('timestamp', 'date')) else crm_segmentation.parse_timestamp(text) }}
    {%- elif contract_type == 'date' -%}
        {{ 'cast(' ~ column ~ ' as date)' if physical.startswith(('timestamp', 'date')) else crm_segmentation.parse_date(text) }}
    {%- elif contract_type == 'integer' -%}
        {{ crm_segmentation.try_cast(column, dbt.type_int()) if is_number else crm_segmentation.parse_integer(text) }}
    {%- else -%}
        {%- set data_type = 'numeric(18, 8)' if contract_type == 'rate' else 'numeric(18, 4)' -%}
        {{ crm_segmentation.try_cast(column, data_type) if is_number else crm_segmentation.parse_decimal(text, data_type) }}
    {%- endif -%}
{%- endmacro %}


{# Every row of a raw table in the columns of the contract: text tidied, other types cast (null when
   unreadable) with the text they came from beside them as raw_<column>, and a hash of the whole row. #}
{% macro raw_rows(table) %}
    {%- set relation = crm_segmentation.raw_relation(table) -%}
    {%- if not execute -%}{{- return('select 1 as nothing_yet') -}}{%- endif -%}
    {%- set contract = crm_segmentation.raw_contract(table) -%}
    {%- set physical = crm_segmentation.raw_columns(table, relation) if relation is not none else {} -%}
    {%- if relation is none and contract.config.meta.required -%}
        {{- exceptions.raise_compiler_error(
            "Raw table " ~ table ~ " is required but not in the variable raw_tables. Add it there and load it."
        ) -}}
    {%- endif -%}
    {%- set texts = [] -%}
    select
        {%- for column in contract.columns.values() %}
        {%- set found = relation is not none and (physical is none or column.name in physical) -%}
        {%- if not found and relation is not none and column.config.meta.required -%}
            {{- exceptions.raise_compiler_error(
                "Raw table " ~ table ~ " (" ~ relation ~ ") has no column " ~ column.name ~ ", which is required ("
                ~ column.description ~ "). Columns found: " ~ physical.keys() | join(', ')
                ~ ". Add or rename the column, in a view if the table is not yours."
            ) -}}
        {%- endif -%}
        {%- set text = crm_segmentation.tidy_text(column.name) if found else 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
        {%- do texts.append("coalesce(" ~ text ~ ", '')") if found -%}
        {%- if column.data_type == 'text' %}
        {{ text }} as {{ column.name }},
        {%- else %}
        {{ text }} as raw_{{ column.name }},
        {{ crm_segmentation.cast_raw_column(column.name, column.data_type, physical[column.name].dtype if physical and found else 'text') if found
            else 'cast(null as ' ~ crm_segmentation.contract_type(column.data_type) ~ ')' }} as {{ column.name }},
        {%- endif -%}
        {%- endfor %}
        md5({{ texts | join(" || chr(31) || ") if texts else "''" }}) as raw_row_hash

    {%- if relation is not none %}

    from {{ relation }}
    {%- else %}

    where false
    {%- endif %}
{% endmacro %}


{# The SQL type behind a type of the contract. #}
{% macro contract_type(data_type) -%}
    {{- return({
        'timestamp': 'timestamp', 'date': 'date', 'integer': dbt.type_int(),
        'decimal': 'numeric(18, 4)', 'rate': 'numeric(18, 8)',
    }[data_type]) -}}
{%- endmacro %}
