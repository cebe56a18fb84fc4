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
