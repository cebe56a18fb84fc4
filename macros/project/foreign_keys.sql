{# Which column of a public table leads to which other one, from config.meta.referenced_by of the tables that are led to: a list of
   {child, column, parent, key, is_certain}, child and parent as nodes. is_certain: false where a value may be unknown there. #}
{% macro foreign_keys() %}
    {%- set found = [] -%}
    {%- for parent in graph.nodes.values() if parent.resource_type == 'model' and parent.config.meta.get('referenced_by') -%}
        {%- set rule = parent.config.meta.referenced_by -%}
        {%- for child in graph.nodes.values()
            if child.resource_type == 'model' and child.access == 'public' and child.unique_id != parent.unique_id
            and child.package_name == parent.package_name and child.name not in rule.get('not_from', [])
            and not (child.name.startswith('audience_') and '__' in child.name) -%}
            {%- for column in child.columns if column in rule.columns or child.name ~ '.' ~ column in rule.columns -%}
                {%- do found.append({
                    'child': child, 'column': column, 'parent': parent, 'key': rule.key,
                    'is_certain': child.name not in rule.get('maybe_from', []),
                }) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}


{# On-run-end of a run that builds: where the variable declare_foreign_keys says so, the engine is told of the keys of public tables. #}
{% macro declare_foreign_keys() -%}
    {%- if execute and var('declare_foreign_keys') and crm_segmentation.is_building_run() -%}
        {%- set tables = {} -%}
        {%- for fact in crm_segmentation.foreign_keys() -%}
            {%- for node in [fact.child, fact.parent] if node.name not in tables -%}
                {%- do tables.update({node.name: adapter.get_relation(node.database, node.schema, node.alias)}) -%}
            {%- endfor -%}
        {%- endfor -%}
        {{- adapter.dispatch('declare_keys', 'crm_segmentation')(tables) -}}
    {%- endif -%}
{%- endmacro %}


{# On-run-start of a run that builds: what is declared on tables that are written to in place is withdrawn until the run
   ends, whatever the variable says by now. Rows come and go there one table after the other, and a key would refuse an
   order whose product is written later. #}
{% macro withdraw_foreign_keys() -%}
    {%- if execute and crm_segmentation.is_building_run() -%}
        {{- adapter.dispatch('withdraw_keys', 'crm_segmentation')() -}}
    {%- endif -%}
{%- endmacro %}
