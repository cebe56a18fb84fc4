{# Whether the variable features names a part of the project. What is wrong with the variable is said before the first model. #}
{% macro has_feature(name) %}
    {{- return(var('features') is sequence and name in var('features')) -}}
{% endmacro %}


{# A table of each feature, and the model whose schema it stands in. #}
{% macro feature_tables() %}
    {{- return({
        'campaigns': {'table': 'campaign_results', 'beside': 'segment_lift'},
        'experiments': {'table': 'experiment_results', 'beside': 'segment_lift'},
        'lookalikes': {'table': 'contact_lookalike_scores', 'beside': 'segment_memberships'},
        'lifetime_value': {'table': 'contact_lifetime_values', 'beside': 'contact_traits'},
    }) -}}
{% endmacro %}


{# A warning where tables of a feature that is off are left: they look like today's. #}
{% macro check_features() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set left = [] -%}
    {%- for feature, found in crm_segmentation.feature_tables().items() if not crm_segmentation.has_feature(feature) -%}
        {%- set beside = graph.nodes['model.crm_segmentation.' ~ found.beside] -%}
        {%- do left.append(feature ~ ' (' ~ found.table ~ ')') if adapter.get_relation(beside.database, beside.schema, found.table) is not none -%}
    {%- endfor -%}
    {%- if left -%}
        {%- do exceptions.warn(
            "The database has tables of features that the variable features does not name: " ~ left | join(', ')
            ~ ". No run updates them or takes erased people out. Name the features, or drop their tables once nothing reads them."
        ) -%}
    {%- endif -%}
{% endmacro %}
