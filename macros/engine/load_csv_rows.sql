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
