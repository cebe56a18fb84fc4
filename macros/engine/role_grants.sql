{# After a relation is built, in the transaction that builds it: the BI role may read it if it is on the list, and else nobody
   may but who owns it. #}
{% macro grant_to_readers() -%}
    {{ return(adapter.dispatch('grant_to_readers', 'crm_segmentation')()) }}
{%- endmacro %}


{% macro default__grant_to_readers() -%}
    {%- set role = env_var('CRM_BI_ROLE', '') -%}
    {%- if execute and role -%}
        {%- do apply_grants(this, {'select': [role] if crm_segmentation.is_for_bi(model) else []}, should_revoke=true) -%}
    {%- endif -%}
{%- endmacro %}


{# DuckDB is a file: whoever may read it may read all of it. #}
{% macro duckdb__grant_to_readers() -%}
{%- endmacro %}


{% macro postgres__grant_to_readers() -%}
    {%- set role = env_var('CRM_BI_ROLE', '') -%}
    {%- if execute and role -%}
        {%- if crm_segmentation.is_for_bi(model) -%}
            revoke all on {{ this }} from {{ adapter.quote(role) }};
            grant select on {{ this }} to {{ adapter.quote(role) }};
        {%- else -%}
            revoke all on {{ this }} from public, {{ adapter.quote(role) }};
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{# At the end of a run, for the relations that it did not build: takes back what an earlier version or somebody else
   granted, and lets the BI role enter the schemas that hold something for it. #}
{% macro settle_grants() -%}
    {{ return(adapter.dispatch('settle_grants', 'crm_segmentation')()) }}
{%- endmacro %}


{% macro default__settle_grants() -%}
{%- endmacro %}


{% macro postgres__settle_grants() -%}
    {%- if execute and env_var('CRM_BI_ROLE', '') -%}
        {%- set role = adapter.quote(env_var('CRM_BI_ROLE')) -%}
        {%- set relations = crm_segmentation.relations_by_reader() -%}
        {%- set open_schemas = [] -%}
        {%- for row in crm_segmentation.relations_and_rights(relations) -%}
            {%- set is_for_bi = row.plain_name in relations.for_bi -%}
            {%- if is_for_bi and row.schema_name not in open_schemas -%}
                {%- do open_schemas.append(row.schema_name) -%}
            {%- endif -%}
            {%- if row.may_write or (row.may_read and not is_for_bi) %}
            revoke all on {{ 'sequence' if row.is_sequence else 'table' }} {{ row.quoted_name }} from public, {{ role }};
            {%- endif -%}
            {%- if is_for_bi and (row.may_write or not row.may_read) %}
            grant select on {{ row.quoted_name }} to {{ role }};
            {%- endif -%}
        {%- endfor -%}
        {%- for schema in relations.schemas if adapter.check_schema_exists(target.database, schema) -%}
            {%- set quoted = adapter.quote(schema) %}
            alter default privileges in schema {{ quoted }} revoke all on tables from public, {{ role }};
            revoke all on schema {{ quoted }} from public, {{ role }};
            {%- if schema in open_schemas %}
            grant usage on schema {{ quoted }} to {{ role }};
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{# After that: an error names what the BI role can read all the same, by another role or as a superuser. #}
{% macro check_grants() -%}
    {{ return(adapter.dispatch('check_grants', 'crm_segmentation')()) }}
{%- endmacro %}


{% macro default__check_grants() -%}
{%- endmacro %}


{% macro postgres__check_grants() -%}
    {%- if execute and env_var('CRM_BI_ROLE', '') -%}
        {%- set relations = crm_segmentation.relations_by_reader() -%}
        {%- set readable = [] -%}
        {%- for row in crm_segmentation.relations_and_rights(relations) if row.may_read and row.may_enter and row.plain_name not in relations.for_bi -%}
            {%- do readable.append(row.plain_name) -%}
        {%- endfor -%}
        {%- if readable -%}
            {%- do exceptions.raise_compiler_error(
                'The role ' ~ env_var('CRM_BI_ROLE') ~ ' of CRM_BI_ROLE can read ' ~ readable | length ~ ' relations that are not for BI, such as '
                ~ (readable | sort)[:5] | join(', ') ~ '. The project granted it none of them: look for a role that it is a member of, or name'
                ~ ' a role that is no superuser and owns nothing.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{# Every relation in the project's schemas that no other package owns, with what the BI role may do by whatever way. #}
{% macro relations_and_rights(relations) -%}
    {%- set role = "'" ~ env_var('CRM_BI_ROLE') | replace("'", "''") ~ "'" -%}
    {%- set found = [] -%}
    {%- set sql -%}
        select
            namespaces.nspname as schema_name,
            namespaces.nspname || '.' || relations.relname as plain_name,
            quote_ident(namespaces.nspname) || '.' || quote_ident(relations.relname) as quoted_name,
            relations.relkind = 'S' as is_sequence,
            has_schema_privilege({{ role }}, namespaces.oid, 'usage') as may_enter,
            case
                when relations.relkind = 'S' then has_sequence_privilege({{ role }}, relations.oid, 'select')
                else has_any_column_privilege({{ role }}, relations.oid, 'select')
            end as may_read,
            case
                when relations.relkind = 'S' then has_sequence_privilege({{ role }}, relations.oid, 'usage, update')
                else
                    has_table_privilege({{ role }}, relations.oid, 'insert, update, delete, truncate, references, trigger')
                    or has_any_column_privilege({{ role }}, relations.oid, 'insert, update, references')
            end as may_write

        from pg_catalog.pg_class as relations

        inner join pg_catalog.pg_namespace as namespaces on relations.relnamespace = namespaces.oid

        where
            namespaces.nspname in ('{{ relations.schemas | join("', '") }}')
            and relations.relkind in ('r', 'p', 'v', 'm', 'f', 'S')

        order by plain_name
    {%- endset -%}
    {%- for row in run_query(sql).rows if row.plain_name not in relations.of_others -%}
        {%- do found.append(row) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# A right to read is a role there, and whoever gets it is named with what they are: user:somebody@example.com. #}
{% macro bigquery__grant_to_readers() -%}
    {%- set role = env_var('CRM_BI_ROLE', '') -%}
    {%- if execute and role -%}
        {%- do apply_grants(this, {'roles/bigquery.dataViewer': [role] if crm_segmentation.is_for_bi(model) else []}, should_revoke=true) -%}
    {%- endif -%}
{%- endmacro %}
