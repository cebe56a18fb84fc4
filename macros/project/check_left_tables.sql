{# A warning where tables of destinations or features that are not named any more are left: nothing updates them. #}
{% macro check_left_tables() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set tables = {} -%}
    {%- for feature, found in crm_segmentation.feature_tables().items() if not crm_segmentation.has_feature(feature) -%}
        {%- do tables.update({feature ~ ' (' ~ found.table ~ ')': found}) -%}
    {%- endfor -%}
    {%- set features = crm_segmentation.still_there(tables) -%}
    {%- if features -%}
        {%- do exceptions.warn(
            "The database has tables of features that the variable features does not name: " ~ features | join(', ')
            ~ ". No run updates them or takes erased people out. Name the features, or drop their tables once nothing reads them."
        ) -%}
    {%- endif -%}
    {%- set tables = {} -%}
    {%- for destination in crm_segmentation.other_destinations() -%}
        {%- do tables.update({destination: {'table': 'audience_' ~ destination ~ '__changes', 'beside': 'audience_members'}}) -%}
    {%- endfor -%}
    {%- set destinations = crm_segmentation.still_there(tables) -%}
    {%- if destinations -%}
        {%- do exceptions.warn(
            "Schema " ~ crm_segmentation.model_node('audience_members').schema ~ " has tables of destinations that the variable destinations does not name: "
            ~ destinations | join(', ') ~ ". No run updates them or takes erased people out. Name the destinations, or drop their tables"
            ~ " (audience_" ~ destinations[0] ~ "__contacts, audience_" ~ destinations[0] ~ "__changes) once nothing reads them."
        ) -%}
    {%- endif -%}
{% endmacro %}


{# The names whose table is in the database. tables: by name the table, and beside, a model that stands in the same schema. The graph
   has no model that is off. #}
{% macro still_there(tables) %}
    {%- set there = [] -%}
    {%- for name, found in tables.items() -%}
        {%- set beside = crm_segmentation.model_node(found.beside) -%}
        {%- do there.append(name) if adapter.get_relation(beside.database, beside.schema, found.table) is not none -%}
    {%- endfor -%}
    {{- return(there) -}}
{% endmacro %}
