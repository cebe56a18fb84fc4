{# DuckDB is a file: whoever may read it may read all of it. Replaces the macro with which dbt grants. #}
{% macro duckdb__apply_grants(relation, grant_config, should_revoke) %}
{% endmacro %}


{# At the end of a run: the BI role may enter the schemas that hold something for it. #}
{% macro open_schemas_to_readers() -%}
    {{ return(adapter.dispatch('open_schemas_to_readers', 'crm_segmentation')()) }}
{%- endmacro %}


{% macro default__open_schemas_to_readers() -%}
{%- endmacro %}


{% macro postgres__open_schemas_to_readers() -%}
    {%- set role = env_var('CRM_BI_ROLE', '') -%}
    {%- if execute and role -%}
        {%- set schemas = [] -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.grants.get('select') -%}
            {%- do schemas.append(node.schema) -%}
        {%- endfor -%}
        {%- for schema in schemas | unique if adapter.check_schema_exists(target.database, schema) %}
            grant usage on schema {{ adapter.quote(schema) }} to {{ adapter.quote(role) }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
