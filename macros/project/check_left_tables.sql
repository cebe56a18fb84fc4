{# A warning where tables of destinations or features that are not named any more are left, or of models that have another name now:
   nothing updates them. #}
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
    {%- set tables = {} -%}
    {%- for name in crm_segmentation.former_models() -%}
        {%- do tables.update({name: {'table': name, 'beside': 'int_identity__ledger'}}) -%}
    {%- endfor -%}
    {%- set former = crm_segmentation.still_there(tables) -%}
    {%- if former -%}
        {%- do exceptions.warn(
            "Schema " ~ crm_segmentation.model_node('int_identity__ledger').schema ~ " has tables that a former version made and that have other names"
            ~ " now: " ~ former | join(', ') ~ ". No run updates them or takes erased people out. Drop them: dbt run-operation drop_former_tables"
        ) -%}
    {%- endif -%}
{% endmacro %}


{# dbt run-operation drop_former_tables: drops what models left behind that have another name now. Views first, because they read the tables. #}
{% macro drop_former_tables() -%}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set place = crm_segmentation.model_node('int_identity__ledger') -%}
    {%- set dropped = [] -%}
    {%- for type in ['view', 'table'] -%}
        {%- for name in crm_segmentation.former_models() -%}
            {%- set relation = adapter.get_relation(place.database, place.schema, name) -%}
            {%- if relation is not none and relation.type == type -%}
                {%- do crm_segmentation.run_and_commit('drop ' ~ type ~ ' ' ~ relation) -%}
                {%- do dropped.append(name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do log("Dropped from schema " ~ place.schema ~ ": " ~ (dropped | join(', ') or 'nothing, no table of a former version is left') ~ ".", info=true) -%}
{%- endmacro %}


{# Names of internal models that have another one since 0.2.0, which CHANGELOG.md tells. What is remembered kept its name. #}
{% macro former_models() -%}
    {{- return([
        'int_activity__erased_visitors',
        'int_affinities__product_pairs',
        'int_contacts__automatic_tags',
        'int_contacts__dead_keys',
        'int_contacts__message_histories',
        'int_contacts__milestones',
        'int_contacts__objections',
        'int_contacts__owned_visits',
        'int_contacts__rejected_addresses',
        'int_contacts__rejected_noes',
        'int_contacts__shared_keys',
        'int_contacts__visitors',
        'int_input_checks__contacts',
        'int_input_checks__days',
        'int_input_checks__errors',
        'int_input_checks__findings',
        'int_input_checks__measures',
        'int_input_checks__near_misses',
        'int_input_checks__orders',
        'int_input_checks__overwritten_rows',
        'int_input_checks__references',
        'int_input_checks__rejected_words',
        'int_input_checks__rejections',
        'int_input_checks__row_counts',
        'int_input_checks__source_systems',
        'int_input_checks__verdicts',
        'int_input_checks__words',
        'int_seasons__buyers',
        'int_seasons__categories',
        'int_seasons__next',
        'int_seasons__reach',
        'int_seasons__segments',
        'int_traits__carts',
        'int_traits__consents',
        'int_traits__subscriptions',
    ]) -}}
{%- endmacro %}


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
