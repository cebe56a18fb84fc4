{# Replace dbt-duckdb's way of making tables and views, where this is the root project. They build beside what is there, ask for
   keys and indexes that nothing here has, rename twice and drop: eight statements at each node, where DuckDB replaces in one. What was
   there is read until the transaction ends, and stays when it fails. A Python model writes through a connection of its own, and is
   renamed into place. #}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing_relation = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}

    {%- if model.language == 'python' -%}
        {%- set intermediate_relation = make_intermediate_relation(target_relation) -%}
        {{ drop_relation_if_exists(load_cached_relation(intermediate_relation)) }}
        {%- call statement('main', language='python') -%}
            {{ create_table_as(false, intermediate_relation, compiled_code, 'python') }}
        {%- endcall -%}
        {{ drop_relation_if_exists(existing_relation) }}
        {%- do adapter.rename_relation(intermediate_relation, target_relation) -%}
    {%- else -%}
        {%- do crm_segmentation.drop_other_type(existing_relation, 'table') -%}
        {%- call statement('main') -%}
            {{ crm_segmentation.create_or_replace_table(target_relation, compiled_code) }}
        {%- endcall -%}
    {%- endif -%}

    {{- return(crm_segmentation.finish_relation(existing_relation, target_relation, post_hooks)) -}}
{% endmaterialization %}


{% materialization view, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set existing_relation = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}

    {%- do crm_segmentation.drop_other_type(existing_relation, 'view') -%}
    {%- call statement('main') -%}
        {{ get_create_view_as_sql(target_relation, sql) }}
    {%- endcall -%}

    {{- return(crm_segmentation.finish_relation(existing_relation, target_relation, post_hooks)) -}}
{% endmaterialization %}


{# The contract is checked before, because an insert would cast to the types of the contract without a word. #}
{% macro create_or_replace_table(relation, sql) -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
        create or replace table {{ relation }} {{ get_table_columns_and_constraints() }};
        insert into {{ relation }} {{ get_column_names() }} ({{ get_select_subquery(sql) }});
    {%- else -%}
        create or replace table {{ relation }} as (
            {{ sql }}
        );
    {%- endif -%}
{%- endmacro %}


{# A table does not replace a view, nor a view a table. In the transaction that makes the other. #}
{% macro drop_other_type(existing_relation, type) -%}
    {%- if existing_relation is not none and existing_relation.type != type -%}
        {%- do adapter.ensure_transaction() -%}
        {%- do adapter.drop_relation(existing_relation) -%}
    {%- endif -%}
{%- endmacro %}


{% macro finish_relation(existing_relation, target_relation, post_hooks) -%}
    {{- run_hooks(post_hooks, inside_transaction=true) -}}
    {%- do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing_relation, full_refresh_mode=true)) -%}
    {%- do persist_docs(target_relation, model) -%}
    {%- do adapter.commit() -%}
    {{- run_hooks(post_hooks, inside_transaction=false) -}}
    {{- return({'relations': [target_relation]}) -}}
{%- endmacro %}
