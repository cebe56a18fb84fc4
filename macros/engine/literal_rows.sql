{# A query of rows that are written out: each a list of SQL literals, one for each column. At least one. #}
{% macro literal_rows(columns, rows) -%}
    {{ return(adapter.dispatch('literal_rows', 'crm_segmentation')(columns, rows)) }}
{%- endmacro %}


{% macro default__literal_rows(columns, rows) -%}
    {%- set selects = [] -%}
    {%- for row in rows -%}
        {%- set cells = [] -%}
        {%- for cell in row -%}
            {%- do cells.append(cell ~ ' as ' ~ columns[loop.index0]) -%}
        {%- endfor -%}
        {%- do selects.append('select ' ~ cells | join(', ')) -%}
    {%- endfor -%}
    {{- selects | join('\nunion all\n') -}}
{%- endmacro %}


{# Trino makes a stage of each select, and refuses a query of more than 150. #}
{% macro trino__literal_rows(columns, rows) -%}
    {%- set lines = [] -%}
    {%- for row in rows -%}
        {%- do lines.append('(' ~ row | join(', ') ~ ')') -%}
    {%- endfor -%}
    select * from (values
    {{ lines | join(',\n    ') }}
    ) as literal_rows ({{ columns | join(', ') }})
{%- endmacro %}
