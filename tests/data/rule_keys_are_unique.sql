-- A rule that stands twice in a seed would double the rows that it is joined to.
{%- set keys = {
    'identifier_types': ['identifier_type'],
    'source_priorities': ['source_system'],
    'order_statuses': ['source_status'],
    'event_names': ['source_system', 'source_event_name'],
    'event_vocabulary': ['event_name'],
    'seasons': ['season', 'country_code', 'starts_on'],
    'campaign_goals': ['goal'],
    'rfm_presets': ['preset'],
    'rfm_groups': ['preset', 'rule_number'],
    'hubspot_lifecycle_stages': ['lifecycle_stage', 'funnel_stage'],
    'countries': ['country_code'],
    'country_aliases': ['alias'],
    'languages': ['language_code'],
    'genders': ['spelling'],
    'time_zones': ['spelling'],
} -%}

{{ broken_keys(keys) }}
