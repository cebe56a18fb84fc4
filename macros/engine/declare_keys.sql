{# DuckDB knows no foreign key from one schema to another and could not replace a table that others lead to; Spark knows none.
   On warehouses that take keys without enforcing them this was not run. #}
{% macro default__declare_keys(tables) -%}
{%- endmacro %}


{# dbt replaces a table by a new one, and the keys go with the old one: those that are missing are added. not valid: no row is looked
   at, and tables that are written to in place get none, so that no build is slower for them, or fails. #}
{% macro postgres__declare_keys(tables) -%}
    {%- set known = run_query("select conname from pg_catalog.pg_constraint where contype in ('p', 'f')").columns[0].values() | list -%}
    {%- for fact in crm_segmentation.foreign_keys() -%}
        {%- set parent, child = tables[fact.parent.name], tables[fact.child.name] -%}
        {%- if parent and child and parent.is_table and child.is_table and fact.child.config.materialized == 'table' -%}
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
