{# DuckDB knows no foreign key from one schema to another and could not replace a table that others lead to; Spark knows none.
   On warehouses that take keys without enforcing them this was not run. #}
{% macro default__declare_keys(tables) -%}
{%- endmacro %}


{# dbt replaces a table by a new one, and the keys go with the old one: those that are missing are added. not valid: no row is looked
   at. Tables that are written to in place lose theirs when the next run begins, so that no build is slower for them, or fails. #}
{% macro postgres__declare_keys(tables) -%}
    {%- set known = run_query("select conname from pg_catalog.pg_constraint where contype in ('p', 'f')").columns[0].values() | list -%}
    {%- for fact in crm_segmentation.foreign_keys() -%}
        {%- set parent, child = tables[fact.parent.name], tables[fact.child.name] -%}
        {%- if parent and child and parent.is_table and child.is_table -%}
            {%- set key_name, name = (fact.parent.name ~ '_key')[:63], (fact.child.name ~ '__' ~ fact.column)[:63] -%}
            {%- if key_name not in known -%}
                {%- do known.append(key_name) %}
                alter table {{ parent }} add constraint {{ key_name }} primary key ({{ fact.key }});
            {%- endif -%}
            {%- if name not in known %}
                alter table {{ child }} add constraint {{ name }}
                    foreign key ({{ fact.column }}) references {{ parent }} ({{ fact.key }}) not valid;
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}


{% macro default__withdraw_keys(nodes) -%}
{%- endmacro %}


{# cascade: foreign keys that lead to a primary key go with it. #}
{% macro postgres__withdraw_keys(nodes) -%}
    {%- set names = [] -%}
    {%- for node in nodes -%}
        {%- do names.append("('" ~ node.schema ~ "', '" ~ node.alias ~ "')") -%}
    {%- endfor -%}
    {%- set declared -%}
        select
            format('%I.%I', schemas.nspname, tables.relname) as table_name,
            format('%I', declared.conname) as key_name

        from pg_catalog.pg_constraint as declared

        inner join pg_catalog.pg_class as tables on declared.conrelid = tables.oid

        inner join pg_catalog.pg_namespace as schemas on tables.relnamespace = schemas.oid

        where declared.contype in ('p', 'f') and (schemas.nspname, tables.relname) in ({{ names | join(', ') }})

        order by 1, 2
    {%- endset -%}
    {%- for row in (run_query(declared).rows if names else []) %}
        alter table {{ row['table_name'] }} drop constraint if exists {{ row['key_name'] }} cascade;
    {%- endfor -%}
{%- endmacro %}
