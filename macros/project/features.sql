{# Whether the variable features names a part of the project. What is wrong with the variable is said before the first model. #}
{% macro has_feature(name) %}
    {{- return(var('features') is sequence and name in var('features')) -}}
{% endmacro %}


{# Each feature: a table of it and the model whose schema it stands in, what it answers, and what is missing without it. The last two
   are for docs/features.md, which docs/features.py writes. #}
{% macro feature_tables() %}
    {{- return({
        'campaigns': {
            'table': 'campaign_results',
            'beside': 'segment_lift',
            'answers': 'Which campaigns paid, and which segment and channel bring most for a message?',
            'without': 'segment_lift.holdout_breach_count is null, and segment_review has no warning about profit.',
        },
        'experiments': {
            'table': 'experiment_results',
            'beside': 'segment_lift',
            'answers': 'Who is in which variant, which variant is better, and could the experiment have shown it?',
            'without': 'Holdouts and segment_lift stay: they are no part of it.',
        },
        'lookalikes': {
            'table': 'contact_lookalike_scores',
            'beside': 'segment_memberships',
            'answers': 'Who is like the members of a segment, and by which traits?',
            'without': 'Nothing else reads its tables.',
        },
        'lifetime_value': {
            'table': 'contact_lifetime_values',
            'beside': 'contact_traits',
            'answers': 'How likely is a customer to come back, how often, and for how much?',
            'without': 'Nothing else reads its tables.',
        },
    }) -}}
{% endmacro %}
