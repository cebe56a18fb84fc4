{# The contract of one raw table, from models/staging/_raw__sources.yml. #}
{% macro raw_contract(table) %}
    {%- for source in graph.sources.values() if source.name == table and source.package_name == 'crm_segmentation' -%}
        {{- return(source) -}}
    {%- endfor -%}
{% endmacro %}


{# The demo's seed, the union of the company's own table and the connectors that feed it, or that table alone; none when nothing is there. #}
{% macro raw_relation(table) %}
    {%- if var('demo_data') -%}
        {{- return(ref('crm_segmentation', table)) -}}
    {%- elif crm_segmentation.feeding_systems(table) -%}
        {{- return(ref('crm_segmentation', 'connected__' ~ table[4:])) -}}
    {%- endif -%}
    {{- return(crm_segmentation.own_raw_relation(table)) -}}
{% endmacro %}


{# The company's own table, or the model of the project that raw_models_from names; none when it is not there. #}
{% macro own_raw_relation(table) %}
    {%- if table in var('raw_tables') and var('raw_models_from') -%}
        {{- return(ref(var('raw_models_from'), table)) -}}
    {%- elif table in var('raw_tables') -%}
        {{- return(source('raw', table)) -}}
    {%- endif -%}
    {{- return(none) -}}
{% endmacro %}


{# Physical columns by lower-cased name. None when there is nothing to look at yet: a seed before its
   first build or the input of a unit test, which both follow the contract but for what is about loading. #}
{% macro raw_columns(table, relation) %}
    {%- if var('demo_data') -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set found = load_relation(relation) -%}
    {%- if found is none -%}
        {{- exceptions.raise_compiler_error(
            "Raw table " ~ table ~ " not found as " ~ relation ~ ". Load it, correct raw_database / raw_schema, "
            ~ "or, where the table is optional, take it off the variable raw_tables."
            ~ (" With connectors alone write raw_tables: []." if crm_segmentation.connectors() else "")
        ) -}}
    {%- endif -%}
    {{- return(crm_segmentation.columns_by_name(found)) -}}
{% endmacro %}


{# The columns of a relation that is there, by lower-cased name. #}
{% macro columns_by_name(relation) %}
    {%- set columns = {} -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do columns.update({column.name | lower: column}) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{% endmacro %}


{# One raw column cast to the type of the contract. A column that has that type already is not made a text of, unless a text says
   more: a binary number is what it shows, and rounds as that does; a part of a whole number is none. #}
{% macro cast_raw_column(column, contract_type, physical_type) -%}
    {%- set is_typed = crm_segmentation.is_typed(contract_type, physical_type) -%}
    {%- set data_type = crm_segmentation.contract_type(contract_type) -%}
    {%- set typed_column = 'typed_' ~ column -%}
    {%- set typed_text = 'cast(' ~ typed_column ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- if is_typed and contract_type in ['timestamp', 'date'] -%}
        {{ crm_segmentation.within_calendar(typed_column, data_type) }}
    {%- elif is_typed and contract_type == 'integer' and crm_segmentation.is_whole_type(physical_type) -%}
        case when {{ typed_column }} between -999999999 and 999999999 then cast({{ typed_column }} as {{ data_type }}) end
    {%- elif is_typed and contract_type == 'integer' -%}
        {%- set decimal = crm_segmentation.try_cast(typed_text, 'numeric(28, 10)') -%}
        {{ crm_segmentation.parse_integer('cast(' ~ decimal ~ ' as ' ~ dbt.type_string() ~ ')') }}
    {%- elif is_typed -%}
        {{ crm_segmentation.try_cast(typed_text if crm_segmentation.is_binary_type(physical_type) else typed_column, data_type) }}
    {%- elif contract_type == 'timestamp' -%}
        {{ crm_segmentation.parse_timestamp('raw_' ~ column) }}
    {%- elif contract_type == 'date' -%}
        {{ crm_segmentation.parse_date('raw_' ~ column) }}
    {%- elif contract_type == 'integer' -%}
        {{ crm_segmentation.parse_integer('raw_' ~ column) }}
    {%- else -%}
        {{ crm_segmentation.parse_decimal('raw_' ~ column, data_type) }}
    {%- endif -%}
{%- endmacro %}


{# A moment or day of the years 1000 to 2999, which are those that a text is read in, else null. #}
{% macro within_calendar(moment, data_type) -%}
    case
        when
            cast({{ moment }} as {{ data_type }}) >= cast('1000-01-01' as {{ data_type }})
            and cast({{ moment }} as {{ data_type }}) < cast('3000-01-01' as {{ data_type }})
            then cast({{ moment }} as {{ data_type }})
    end
{%- endmacro %}


{# Every row of a raw table in the columns of the contract: text tidied, other types cast (null when
   unreadable) with what they came from beside them as raw_<column>, and a hash of the whole row. What the warehouse has
   as a moment or a whole number already is no text: to make one of it would cost more than all the rest. A key loses what a
   spreadsheet added to it, and a moment that has happened is none where it cannot have. A condition on the
   columns as they arrived leaves rows out before anything is tidied; a list of columns leaves the others out. #}
{% macro raw_rows(table, with_row_hash=true, condition=none, only=none) %}
    {%- set relation = crm_segmentation.raw_relation(table) -%}
    {%- if not execute -%}{{- return('select 1 as nothing_yet') -}}{%- endif -%}
    {%- set contract = crm_segmentation.raw_contract(table) -%}
    {%- set physical = crm_segmentation.raw_columns(table, relation) if relation is not none else {} -%}
    {%- do crm_segmentation.check_raw_columns(table, relation, contract, physical) -%}
    {%- set columns = contract.columns.values() | list if only is none else contract.columns.values() | selectattr('name', 'in', only) | list -%}

    with

    raw_texts as (

        select
            {%- for column in columns %}
            {%- set name = column.name if column.data_type == 'text' else 'raw_' ~ column.name -%}
            {%- if relation is not none and (column.name in physical if physical is not none else not column.config.meta.is_about_loading) %}
            {%- set is_typed = physical and crm_segmentation.is_typed(column.data_type, physical[column.name].dtype) %}
            {%- if column.data_type != 'text' %}
            {{ column.name }} as typed_{{ column.name }},
            {%- endif %}
            {%- if column.name == 'source_system' %}
            {{ crm_segmentation.tidy_source_system(column.name) }} as {{ name }}
            {%- else %}
            {{ column.name if is_typed else crm_segmentation.tidy_text(column.name) }} as {{ name }}
            {%- endif %}
            {%- else %}
            {%- if column.data_type != 'text' %}
            cast(null as {{ dbt.type_string() }}) as typed_{{ column.name }},
            {%- endif %}
            cast(null as {{ dbt.type_string() }}) as {{ name }}
            {%- endif %}
            {{- ',' if not loop.last }}
            {%- endfor %}

        {{ 'from ' ~ relation if relation is not none else crm_segmentation.no_rows() }}
        {%- if relation is not none and condition is not none %}

        where {{ condition }}
        {%- endif %}

    ),

    cast_values as (

        select
            {%- for column in columns %}
            {%- if column.data_type == 'text' %}
            {{ column.name }}
            {%- else %}
            raw_{{ column.name }},
            {{ crm_segmentation.cast_raw_column(column.name, column.data_type, physical[column.name].dtype if physical and column.name in physical else 'text') }} as {{ column.name }}
            {%- endif %}
            {{- ',' if not loop.last }}
            {%- endfor %}

        from raw_texts

    )

    select
        {%- for column in columns %}
        {%- if column.data_type != 'text' %}
        raw_{{ column.name }},
        {%- endif %}
        {%- if column.config.meta.has_happened %}
        {{ crm_segmentation.possible_time(column.name) }} as {{ column.name }}
        {%- elif crm_segmentation.is_key(column.name) %}
        {{ crm_segmentation.whole_number(column.name) }} as {{ column.name }}
        {%- else %}
        {{ column.name }}
        {%- endif %}
        {{- ',' if with_row_hash or not loop.last }}
        {%- endfor %}
        {%- if with_row_hash %}
        {{ crm_segmentation.raw_row_hash(table) }} as raw_row_hash
        {%- endif %}

    from cast_values
{% endmacro %}


{# Whether a column holds keys, which a spreadsheet may have taken for numbers. #}
{% macro is_key(column_name) -%}
    {{- return(column_name.endswith('_id') or column_name == 'identifier_value') -}}
{%- endmacro %}


{# A key as it arrived, in the form that raw_rows gives it. #}
{% macro tidy_key(column_name) -%}
    {{ crm_segmentation.whole_number(crm_segmentation.tidy_text(column_name)) }}
{%- endmacro %}


{# MD5 of a whole row as it arrived, over what raw_rows gives. When it arrived is no part of it: a row that is loaded again is the same. #}
{% macro raw_row_hash(table) -%}
    {%- if not execute -%}{{- return("''") -}}{%- endif -%}
    {%- set texts = [] -%}
    {%- for column in crm_segmentation.raw_contract(table).columns.values() if not column.config.meta.is_about_loading -%}
        {%- set name = column.name if column.data_type == 'text' else 'raw_' ~ column.name -%}
        {%- do texts.append('coalesce(' ~ crm_segmentation.text_of(name) ~ ", '')") -%}
    {%- endfor -%}
    {{ crm_segmentation.md5_hex(crm_segmentation.joined_known_texts(texts, 'chr(31)')) }}
{%- endmacro %}


{# Whether the warehouse already has a column as the contract wants it. #}
{% macro is_typed(contract_type, physical_type) -%}
    {%- set physical = physical_type | lower -%}
    {%- if contract_type in ['timestamp', 'date'] -%}
        {{- return(physical.startswith(('timestamp', 'date'))) -}}
    {%- elif contract_type in ['integer', 'decimal', 'rate'] -%}
        {{- return(physical.startswith((
            'dec', 'num', 'int', 'bigint', 'smallint', 'tinyint', 'hugeint', 'uint', 'ubigint', 'double', 'real', 'float'
        ))) -}}
    {%- endif -%}
    {{- return(false) -}}
{%- endmacro %}


{# Whether a physical type holds whole numbers alone. #}
{% macro is_whole_type(physical_type) -%}
    {{- return((physical_type | lower).startswith(('int', 'bigint', 'smallint', 'tinyint', 'hugeint', 'uint', 'ubigint'))) -}}
{%- endmacro %}


{# Whether a physical type holds binary numbers. #}
{% macro is_binary_type(physical_type) -%}
    {{- return((physical_type | lower).startswith(('double', 'real', 'float'))) -}}
{%- endmacro %}


{# Stops with table and column when something that the contract requires is not there. #}
{% macro check_raw_columns(table, relation, contract, physical) %}
    {%- if relation is none and contract.config.meta.required and not crm_segmentation.connectors() -%}
        {{- exceptions.raise_compiler_error(
            "Raw table " ~ table ~ " is required but not in the variable raw_tables. Add it there and load it."
        ) -}}
    {%- endif -%}
    {%- for column in contract.columns.values() if relation is not none and physical is not none -%}
        {%- if column.config.meta.required and column.name not in physical -%}
            {{- exceptions.raise_compiler_error(
                "Raw table " ~ table ~ " (" ~ relation ~ ") has no column " ~ column.name ~ ", which is required ("
                ~ column.description ~ "). Columns found: " ~ physical.keys() | join(', ')
                ~ ". Add or rename the column, in a view if the table is not yours."
            ) -}}
        {%- endif -%}
        {%- if crm_segmentation.is_key(column.name) and column.name in physical and crm_segmentation.is_binary_type(physical[column.name].dtype) -%}
            {{- exceptions.raise_compiler_error(
                "Raw table " ~ table ~ " (" ~ relation ~ ") has " ~ column.name ~ " as " ~ physical[column.name].dtype
                ~ ", so that a key 17850 would become 17850.0 and match none of another table. Cast it to bigint or text, in a view"
                ~ " if the table is not yours."
            ) -}}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{# The SQL type behind a type of the contract. #}
{% macro contract_type(data_type) -%}
    {{- return({
        'timestamp': 'timestamp', 'date': 'date', 'integer': dbt.type_int(),
        'decimal': 'numeric(18, 4)', 'rate': 'numeric(18, 8)',
    }[data_type]) -}}
{%- endmacro %}


{# Every row of a raw table as it arrived, as a key and a fingerprint of all that the contract knows of it. key: SQL of the key. #}
{% macro raw_fingerprints(table, key, name) %}
    {%- set relation = crm_segmentation.raw_relation(table) -%}
    {%- if not execute -%}{{- return('select 1 as nothing_yet') -}}{%- endif -%}
    {%- set physical = crm_segmentation.raw_columns(table, relation) if relation is not none else none -%}
    {%- set columns = [] -%}
    {%- for column in crm_segmentation.raw_contract(table).columns.values() if not column.config.meta.is_about_loading -%}
        {%- do columns.append(column.name) if physical is none or column.name in physical -%}
    {%- endfor -%}
    {%- if relation is none -%}
    select
        cast(null as {{ dbt.type_int() }}) as {{ name }},
        cast(null as {{ dbt.type_bigint() }}) as fingerprint

    {{ crm_segmentation.no_rows() }}
    {%- else -%}
    select
        {{ key }} as {{ name }},
        {{ crm_segmentation.row_fingerprint(columns) }} as fingerprint

    from {{ relation }}
    {%- endif -%}
{% endmacro %}
