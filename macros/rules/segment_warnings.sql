{# Every warning about a segment: when it is given, as SQL over segment_health, what was found, and what to do. #}
{% macro segment_warnings() %}
    {%- set text = dbt.type_string() -%}
    {{- return({
        'matches_nobody': {
            'condition': 'not has_had_members',
            'finding': "'no contact has ever been in it under this definition'",
            'advice': 'Check the criteria for a value that does not occur, or disable the segment.',
        },
        'matches_everyone': {
            'condition': 'contact_count = population_count and population_count > 0',
            'finding': "'every contact is in it'",
            'advice': 'Add a criterion that tells members from others.',
        },
        'empty': {
            'condition': 'has_had_members and contact_count = 0 and empty_days >= ' ~ var('segment_empty_days'),
            'finding': "'empty for ' || cast(empty_days as " ~ text ~ ") || ' days'",
            'advice': 'Disable the segment, or widen its criteria.',
        },
        'too_small': {
            'condition': 'contact_count between 1 and ' ~ (var('segment_smallest_count') | int - 1),
            'finding': "cast(contact_count as " ~ text ~ ") || ' members'",
            'advice': 'Too few to measure a campaign by: widen the criteria, or treat its members one by one.',
        },
        'too_large': {
            'condition': 'contact_share > ' ~ var('segment_largest_share') ~ ' and contact_count < population_count',
            'finding': "cast(contact_share as " ~ text ~ ") || ' of all contacts'",
            'advice': 'Hardly a segment: split it by a trait that calls for another offer.',
        },
        'size_jump': {
            'condition': 'abs(size_change_z) > ' ~ var('segment_size_change_limit'),
            'finding': "cast(size_change as " ~ text ~ ") || ' members in one step, z = ' || cast(size_change_z as " ~ text ~ ")",
            'advice': 'Check the data behind its traits before anything is sent.',
        },
        'drifting': {
            'condition': 'drift > ' ~ var('segment_drift_limit'),
            'finding': "'population stability index ' || cast(drift as " ~ text ~ ") || ' over ' || drift_trait",
            'advice': 'Other people than those the offer was made for: look at segment_profiles.',
        },
        'nearly_the_same': {
            'condition': 'nearest_jaccard >= ' ~ var('segment_twin_jaccard'),
            'finding': "'shares ' || cast(nearest_jaccard as " ~ text ~ ") || ' with ' || nearest_segment_name",
            'advice': 'Keep one of the two.',
        },
        'review_overdue': {
            'condition': 'days_since_review is null or days_since_review > ' ~ var('segment_review_days'),
            'finding': "case when days_since_review is null then 'never reviewed'"
            ~ " else 'reviewed ' || cast(days_since_review as " ~ text ~ ") || ' days ago' end",
            'advice': 'Read goal, offer and criteria again and set reviewed_on.',
        },
    }) -}}
{% endmacro %}
