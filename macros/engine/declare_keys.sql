{# DuckDB knows no foreign key from one schema to another and could not replace a table that others lead to; Spark knows none.
   On warehouses that take keys without enforcing them this was not run. #}
{% macro default__declare_keys(tables) -%}
{%- endmacro %}


{# dbt replaces a table by a new one, and the keys go with the old one: those that are missing are added. not valid: no
   row is looked at. #}
{% macro postgres__declare_keys(tables) -%}
    {%- set known = run_query("select conname from pg_catalog.pg_constraint where contype in ('p', 'f')").columns[0].values() | list -%}
    {%- for fact in crm_segmentation.foreign_keys() -%}
        {%- set parent, child = tables[fact.parent.name], tables[fact.child.name] -%}
        {%- if parent and child and parent.is_table and child.is_table -%}
            {%- set names = crm_segmentation.key_names(fact) -%}
            {%- if names.primary not in known -%}
                {%- do known.append(names.primary) %}
                alter table {{ parent }} add constraint {{ names.primary }} primary key ({{ fact.key }});
            {%- endif -%}
            {%- if names.foreign not in known %}
                alter table {{ child }} add constraint {{ names.foreign }}
                    foreign key ({{ fact.column }}) references {{ parent }} ({{ fact.key }}) not valid;
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}


{# The names under which the keys of an entry of foreign_keys are declared: PostgreSQL keeps 63 letters of a name. #}
{% macro key_names(fact) -%}
    {{- return({'primary': (fact.parent.name ~ '_key')[:63], 'foreign': (fact.child.name ~ '__' ~ fact.column)[:63]}) -}}
{%- endmacro %}


{% macro default__withdraw_keys() -%}
{%- endmacro %}


{# They are looked for first, because a table is locked even where it has no such key. cascade: foreign keys that lead to
   a primary key go with it. #}
{% macro postgres__withdraw_keys() -%}
    {%- set keys = [] -%}
    {%- for fact in crm_segmentation.foreign_keys() -%}
        {%- set names = crm_segmentation.key_names(fact) -%}
        {%- for node, name in [(fact.parent, names.primary), (fact.child, names.foreign)] if node.config.materialized == 'incremental' -%}
            {%- do keys.append("('" ~ [node.schema, node.alias, name] | join("', '") ~ "')") -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set declared -%}
        select
            format('%I.%I', schemas.nspname, tables.relname) as table_name,
            format('%I', declared.conname) as key_name

        from pg_catalog.pg_constraint as declared

        inner join pg_catalog.pg_class as tables on declared.conrelid = tables.oid

        inner join pg_catalog.pg_namespace as schemas on tables.relnamespace = schemas.oid

        where (schemas.nspname, tables.relname, declared.conname) in ({{ keys | join(', ') }})

        order by 1, 2
    {%- endset -%}
    {%- for row in (run_query(declared).rows if keys else []) %}
        alter table {{ row['table_name'] }} drop constraint if exists {{ row['key_name'] }} cascade;
    {%- endfor -%}
{%- endmacro %}
