-- A rule that stands twice in a seed would double the rows that it is joined to.
{%- set keys = {
    'erasure_decisions': ['record_id'],
    'identifier_types': ['identifier_type'],
    'identifier_type_aliases': ['alias'],
    'placeholder_identifiers': ['identifier_type', 'matched_part', "coalesce(placeholder, 'null')"],
    'first_name_variants': ['first_name'],
    'input_check_rules': ['check_name'],
    'source_priorities': [tidy_source_system('source_system')],
    'survivorship_rules': ['attribute'],
    'order_statuses': [status_spelling('source_status')],
    'event_names': [tidy_source_system('source_system'), 'source_event_name'],
    'event_vocabulary': ['event_name'],
    'campaign_goals': ['goal'],
    'rfm_presets': ['preset'],
    'rfm_groups': ['preset', 'rule_number'],
    'clv_parameters': ['parameter_set'],
    'trait_families': ['trait', 'trait_family'],
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
    'channel_spellings': [plain_spelling('spelling')],
    'consent_words': [plain_spelling('spelling')],
    'time_zones': ['spelling'],
} %}

with

broken_rule_keys as (

    {{ broken_keys(keys, with_values=true) | indent(4) }}

)

select
    'the key is null or stands more than once' as problem,
    model_name as seed_name,
    key_value,
    row_count
from broken_rule_keys
