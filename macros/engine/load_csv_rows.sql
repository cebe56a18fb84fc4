{# dbt's own way of filling a seed, but the placeholders of a row are written once: one macro call for every cell
   takes longer than all the inserts. #}
{% macro postgres__load_csv_rows(model, agate_table) %}
    {%- set columns = get_seed_column_quoted_csv(model, agate_table.column_names) -%}
    {%- set row_placeholders = '(' ~ (['%s'] * (agate_table.column_names | length)) | join(', ') ~ ')' -%}
    {%- set statements = [] -%}
    {%- for rows in agate_table.rows | batch(1000) -%}
        {%- set bindings = [] -%}
        {%- for row in rows -%}
            {%- do bindings.extend(row) -%}
        {%- endfor -%}
        {%- set sql = 'insert into ' ~ this.render() ~ ' (' ~ columns ~ ') values ' ~ ([row_placeholders] * (rows | length)) | join(', ') -%}
        {%- do adapter.add_query(sql, bindings=bindings, abridge_sql_log=True) -%}
        {%- do statements.append(sql) -%}
    {%- endfor -%}
    {{- return(statements[0]) -}}
{% endmacro %}


{# Rows of a seed as one JSON text: a list of lists, every cell a text or null. #}
{% macro rows_as_json(seed_rows) %}
    {%- set rows = [] -%}
    {%- for row in seed_rows -%}
        {%- set cells = [] -%}
        {%- for cell in row -%}
            {%- do cells.append(cell if cell is none else cell | string) -%}
        {%- endfor -%}
        {%- do rows.append(cells) -%}
    {%- endfor -%}
    {{- return(tojson(rows)) -}}
{% endmacro %}


{# A table and its rows in one statement, the rows as one JSON text: dbt's own literals, one for every cell, take minutes
   to parse, and a file would have to lie where the cluster can see it. A varchar would be a type of its own in
   whatever is made of the column. #}
{% macro spark__create_csv_table(model, agate_table) %}
    {%- set columns = [] -%}
    {%- for column in agate_table.column_names -%}
        {%- set data_type = model.config.column_types.get(column) or adapter.convert_type(agate_table, loop.index0) -%}
        {%- set data_type = 'string' if data_type.startswith('varchar') else data_type -%}
        {%- do columns.append('cast(seed_row[' ~ loop.index0 ~ '] as ' ~ data_type ~ ') as ' ~ column) -%}
    {%- endfor -%}
    {%- set file_format = 'using delta' if crm_segmentation.is_read_by_public_view(model.unique_id) else file_format_clause() -%}
    {%- set sql -%}
        create table {{ this.render() }} {{ file_format }} {{ location_clause() }} as
        select {{ columns | join(', ') }}
        from (select explode(from_json(%s, 'array<array<string>>')) as seed_row) as seed_rows
    {%- endset -%}
    {%- do adapter.add_query(sql, bindings=[crm_segmentation.rows_as_json(agate_table.rows)], abridge_sql_log=True) -%}
    {{- return(sql) -}}
{% endmacro %}


{# The rows are there already. #}
{% macro spark__load_csv_rows(model, agate_table) %}
    {{- return('') -}}
{% endmacro %}


{# A table and its rows as one JSON text for each thousand of them: dbt's own literals, one for every cell, take long to read. #}
{% macro trino__create_csv_table(model, agate_table) %}
    {%- set columns = [] -%}
    {%- for column in agate_table.column_names -%}
        {%- set data_type = model.config.column_types.get(column) or adapter.convert_type(agate_table, loop.index0) -%}
        {%- do columns.append(column ~ ' ' ~ crm_segmentation.trino__engine_type(data_type)) -%}
    {%- endfor -%}
    {%- set sql = 'create table ' ~ this.render() ~ ' (' ~ columns | join(', ') ~ ') ' ~ properties() -%}
    {%- call statement('_') -%}{{ sql }}{%- endcall -%}
    {{- return(sql) -}}
{% endmacro %}


{% macro trino__load_csv_rows(model, agate_table) %}
    {%- set columns = [] -%}
    {%- for column in agate_table.column_names -%}
        {%- set data_type = model.config.column_types.get(column) or adapter.convert_type(agate_table, loop.index0) -%}
        {%- do columns.append('cast(seed_row[' ~ loop.index ~ '] as ' ~ crm_segmentation.trino__engine_type(data_type) ~ ')') -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- for chunk in agate_table.rows | batch(1000) -%}
        {%- set sql -%}
            insert into {{ this.render() }}
            select {{ columns | join(', ') }}
            from unnest(cast(json_parse('{{ crm_segmentation.rows_as_json(chunk) | replace("'", "''") }}') as array(array(varchar)))) as seed_rows (seed_row)
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
        {%- do statements.append(sql) -%}
    {%- endfor -%}
    {{- return(statements[0]) -}}
{% endmacro %}


{# A table and its rows as one JSON text for some hundred of them: dbt's own way sends the file, whose cells may have no line breaks. #}
{% macro bigquery__create_csv_table(model, agate_table) %}
    {%- set columns = [] -%}
    {%- for column in agate_table.column_names -%}
        {%- do columns.append(column ~ ' ' ~ crm_segmentation.bigquery__seed_type(model, agate_table, column, loop.index0)) -%}
    {%- endfor -%}
    {%- set sql = 'create or replace table ' ~ this.render() ~ ' (' ~ columns | join(', ') ~ ') ' ~ bigquery_table_options(config, model, false) -%}
    {%- call statement('_') -%}{{ sql }}{%- endcall -%}
    {{- return(sql) -}}
{% endmacro %}


{% macro bigquery__load_csv_rows(model, agate_table) %}
    {%- set columns = [] -%}
    {%- for column in agate_table.column_names -%}
        {%- set data_type = crm_segmentation.bigquery__seed_type(model, agate_table, column, loop.index0) -%}
        {%- do columns.append('cast(cells[offset(' ~ loop.index0 ~ ')] as ' ~ data_type ~ ')') -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- for chunk in agate_table.rows | batch(500) -%}
        {%- set sql -%}
            insert into {{ this.render() }}
            select {{ columns | join(', ') }}
            from (
                select json_value_array(seed_row) as cells
                from unnest(json_query_array({{ crm_segmentation.text_literal(crm_segmentation.rows_as_json(chunk)) }})) as seed_row
            ) as seed_rows
        {%- endset -%}
        {%- call statement('_') -%}{{ sql }}{%- endcall -%}
        {%- do statements.append(sql) -%}
    {%- endfor -%}
    {{- return(statements[0]) -}}
{% endmacro %}


{# dbt gives types of a table in the words of the adapter, and those of column_types as the seed has them. #}
{% macro bigquery__seed_type(model, agate_table, column, position) -%}
    {%- set given = model.config.column_types.get(column) -%}
    {{- return(crm_segmentation.bigquery__engine_type(given or adapter.convert_type(agate_table, position))) -}}
{%- endmacro %}
