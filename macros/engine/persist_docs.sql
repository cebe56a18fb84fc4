{# Replaces the macro with which dbt writes descriptions into the database: all of a relation in one statement, without asking for
   columns that its contract has promised. A DuckLake keeps the descriptions of a table's columns, and refuses those of a view's. #}
{% macro duckdb__persist_docs(relation, model, for_relation=true, for_columns=true) -%}
    {%- set comments = [] -%}
    {%- if for_relation and config.persist_relation_docs() and model.description -%}
        {%- do comments.append(duckdb__alter_relation_comment(relation, model.description)) -%}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() and model.columns and not (relation.is_view and adapter.is_ducklake(relation)) -%}
        {%- if config.get('contract').enforced -%}
            {%- for column in model.columns.values() -%}
                {%- do comments.append(
                    'comment on column ' ~ relation ~ '.' ~ (adapter.quote(column.name) if column.quote else column.name)
                    ~ ' is ' ~ duckdb_escape_comment(column.description) ~ ';'
                ) -%}
            {%- endfor -%}
        {%- else -%}
            {%- do comments.append(dbt.duckdb__alter_column_comment(relation, model.columns)) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if comments -%}
        {%- call statement('comments') -%}{{ comments | join('\n') }}{%- endcall -%}
    {%- endif -%}
{%- endmacro %}


{# Comments stand in what makes a table or a view. Those on columns of a view would be a statement each. #}
{% macro trino__persist_docs(relation, model, for_relation=true, for_columns=true) -%}
{%- endmacro %}


{# Those of tables stand in what makes them, that of a view too. Those on columns of a view would be a call each. #}
{% macro bigquery__persist_docs(relation, model, for_relation=true, for_columns=true) -%}
{%- endmacro %}
