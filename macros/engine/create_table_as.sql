{# Replaces the macro with which dbt makes a table. On Spark, what only this project reads and is made anew in every run
   is plain Parquet: to write and to read again a small Delta table costs five times as much, for its log. #}
{% macro spark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- set is_lasting = model.access == 'public' or model.config.materialized == 'incremental' -%}
    {%- if temporary or is_lasting or crm_segmentation.is_read_by_public_view(model.unique_id) -%}
        {{ dbt.spark__create_table_as(temporary, relation, compiled_code, language) }}
    {%- else -%}
        {%- set replaced = load_cached_relation(relation) -%}
        {%- if replaced is not none -%}
            {%- do adapter.drop_relation(replaced) -%}
        {%- endif -%}
        {%- set columns = [] -%}
        {%- for column in crm_segmentation.described_columns(compiled_code) -%}
            {%- do columns.append(adapter.quote(column.name) ~ ' ' ~ column.data_type) -%}
        {%- endfor -%}
        {# The table is made empty first. A table that is made together with its rows leaves files behind when it is interrupted, and
           Spark would refuse to make it again. #}
        {%- do run_query('create table ' ~ relation ~ ' (' ~ columns | join(', ') ~ ') using parquet ' ~ location_clause()) -%}
        insert into {{ relation }}
        {{ compiled_code }}
    {%- endif -%}
{%- endmacro %}


{# Whether a public view reads a model, itself or through further views. Who has read a view keeps the list of its Parquet files
   for the session, and fails once a run has made them anew. #}
{% macro is_read_by_public_view(unique_id) -%}
    {%- for reader in graph.nodes.values() if unique_id in reader.depends_on.nodes and reader.config.materialized == 'view' -%}
        {%- if reader.access == 'public' or crm_segmentation.is_read_by_public_view(reader.unique_id) -%}
            {{- return(true) -}}
        {%- endif -%}
    {%- endfor -%}
    {{- return(false) -}}
{%- endmacro %}


{# Columns that a contract says are never null, as a check of the Delta table: it holds from the first row on, and costs
   no pass over the table, as adding it later would. #}
{% macro spark__tblproperties_clause() -%}
    {%- set properties = dict(config.get('tblproperties') or {}) -%}
    {%- set conditions = [] -%}
    {%- if config.get('contract').enforced -%}
        {%- for column in model.columns.values() if column.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
            {%- do conditions.append(column.name ~ ' is not null') -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if conditions -%}
        {%- do properties.update({'delta.constraints.required_columns': conditions | join(' and ')}) -%}
    {%- endif -%}
    {%- if properties %}
    tblproperties (
        {%- for name, value in properties.items() %}'{{ name }}' = '{{ value }}'{{ ', ' if not loop.last }}{% endfor -%}
    )
    {%- endif -%}
{%- endmacro %}


{# They stand in the table's properties. Delta Lake refuses to make a column of a table that is there already not null. #}
{% macro spark__alter_column_set_constraints(relation, column_dict) %}
{% endmacro %}


{# Replaces the macro with which dbt makes a table on Trino: types in its words, and what is said of a table and its columns as part of
   what makes it, where dbt would ask for the columns and comment on them one by one. #}
{% macro trino__create_table_as(temporary, relation, sql, on_exists=None) -%}
    {%- set sql = crm_segmentation.engine_types(sql) -%}
    {%- set or_replace = ' or replace' if on_exists == 'replace' else '' -%}
    {%- if config.get('contract').enforced and not temporary -%}
        {{ get_assert_columns_equivalent(sql) }}
        {%- set columns, names = [], [] -%}
        {%- for column in model.columns.values() -%}
            {%- set is_required = column.constraints | selectattr('type', 'equalto', 'not_null') | list | length > 0 -%}
            {%- set description = " comment '" ~ column.description | replace("'", "''") ~ "'" if column.description and config.persist_column_docs() else '' -%}
            {%- do names.append(column.name) -%}
            {%- do columns.append(
                column.name ~ ' ' ~ crm_segmentation.trino__engine_type(column.data_type) ~ (' not null' if is_required else '') ~ description
            ) -%}
        {%- endfor -%}
        create{{ or_replace }} table {{ relation }} (
            {{ columns | join(',\n            ') }}
        ) {{ comment(model.description) }} {{ properties(temporary) }};

        insert into {{ relation }} ({{ names | join(', ') }})
        {{ get_select_subquery(sql) }}
    {%- else -%}
        create{{ or_replace }} table {{ relation }} {{ comment(model.description) }} {{ properties(temporary) }} as
        {{ sql }}
    {%- endif -%}
{%- endmacro %}


{# Replaces the macro with which dbt makes a table on BigQuery: types in its words, and what is said of a table and its columns as part of what
   makes it, where dbt would change the table afterwards. #}
{% macro bigquery__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- set sql = crm_segmentation.engine_types(compiled_code) -%}
    {%- set columns = [] -%}
    {%- if config.get('contract').enforced and not temporary -%}
        {{ get_assert_columns_equivalent(sql) }}
        {%- set sql = get_select_subquery(sql) -%}
        {%- for column in model.columns.values() -%}
            {%- set is_required = column.constraints | selectattr('type', 'equalto', 'not_null') | list | length > 0 -%}
            {%- set description = ' options(description=' ~ crm_segmentation.text_literal(column.description) ~ ')' if column.description and config.persist_column_docs() else '' -%}
            {%- do columns.append(
                column.name ~ ' ' ~ crm_segmentation.bigquery__engine_type(column.data_type) ~ (' not null' if is_required else '') ~ description
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    create or replace table {{ relation }}
    {%- if columns %} (
        {{ columns | join(',\n        ') }}
    ){% endif %}
    {{ bigquery_table_options(config, model, temporary) }}
    as
    {{ sql }}
{%- endmacro %}
