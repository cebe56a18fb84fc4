{# The rows of a query as mappings by column. Snowflake gives names of columns back in upper case, other engines as they were written. #}
{% macro named_rows(table) -%}
    {%- set names = table.column_names | map('lower') | list -%}
    {%- set rows = [] -%}
    {%- for row in table.rows -%}
        {%- set named = {} -%}
        {%- for name in names -%}
            {%- do named.update({name: row[loop.index0]}) -%}
        {%- endfor -%}
        {%- do rows.append(named) -%}
    {%- endfor -%}
    {{- return(rows) -}}
{%- endmacro %}
