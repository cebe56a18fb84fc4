-- A rule that stands twice in a seed would double the rows that it is joined to.
{%- set keys = {
    'identifier_types': ['identifier_type'],
    'placeholder_identifiers': ['identifier_type', 'matched_part', 'placeholder'],
    'source_priorities': ['source_system'],
    'survivorship_rules': ['attribute'],
    'order_statuses': ['source_status'],
    'event_names': ['source_system', 'source_event_name'],
    'event_vocabulary': ['event_name'],
    'campaign_goals': ['goal'],
    'rfm_presets': ['preset'],
    'rfm_groups': ['preset', 'rule_number'],
    'clv_parameters': ['parameter_set'],
    'hubspot_lifecycle_stages': ['lifecycle_stage', 'funnel_stage'],
    'destinations': ['destination'],
    'seasons': ['season', "coalesce(country_code, '')", 'year'],
    'tag_rules': ['tag'],
    'lead_score_rules': ['rule_name'],
    'lead_grades': ['lead_grade'],
    'customer_categories': ['customer_category'],
    'trigger_rules': ['trigger_name'],
    'countries': ['country_code'],
    'country_aliases': ['alias'],
    'languages': ['language_code'],
    'genders': ['spelling'],
    'time_zones': ['spelling'],
} -%}

{{ broken_keys(keys) }}
