-- One test for all: each of its own would cost a statement on every build.
{%- set keys = {
    'int_orders__attributed': ['order_id'],
    'int_orders__changed_contacts': ['contact_id'],
    'int_orders__product_pairs': ['source_product_id', 'other_product_id'],
    'int_activity__daily': ['source_system', 'visitor_type', 'visitor_id', 'occurred_on', 'event_name', 'channel', 'is_known_event_name'],
    'int_identity__erased_visitors': ['source_system', 'visitor_type', 'visitor_id'],
    'int_activity__identifications': ['source_system', 'anonymous_id', 'source_contact_id', 'occurred_on'],
    'int_activity__interests': ['source_system', 'visitor_type', 'visitor_id', 'occurred_on', 'event_name', 'source_product_id', 'topic'],
    'int_activity__stale_days': ['source_system', 'occurred_on'],
    'int_activity__visits': ['source_system', 'visitor_type', 'visitor_id', 'occurred_on', 'visit_number'],
    'int_segment_effects__entries': ['segment_name', 'contact_id'],
    'int_segment_effects__holdout_percents': ['valid_from'],
    'int_segment_effects__holdouts': ['segment_name', 'contact_id'],
    'int_contacts__known_records': ['record_id'],
    'int_commerce__day_rates': ['currency', 'rated_on'],
    'int_identity__assignments': ['record_id'],
    'int_identity__certain_edges': ['node_a', 'node_b', 'link_type'],
    'int_identity__chains': ['node'],
    'int_identity__clusters': ['node'],
    'int_identity__disputed_chains': ['component'],
    'int_identity__disputed_identifiers': ['identifier_type', 'identifier_key'],
    'int_identity__distinguishing_values': ['person_number', 'attribute_name'],
    'int_identity__edges': ['node_a', 'node_b'],
    'int_identity__erased_identifiers': ['identifier_type', 'identifier_key'],
    'int_identity__erased_keys': ['identifier_type', 'identifier_key'],
    'int_identity__erased_records': ['record_id'],
    'int_identity__erasure_requests': ['record_id'],
    'int_identity__erasure_reviews': ['record_id'],
    'int_identity__erasures': ['record_id', 'build_number'],
    'int_contacts__separations': ['erased_contact_id'],
    'int_identity__known_identifiers': ['record_id', 'identifier_type', 'identifier_key', 'build_number'],
    'int_identity__blocked_keys': ['identifier_type', 'identifier_key'],
    'int_identity__identifiers': ['record_id', 'identifier_type', 'identifier_key'],
    'int_identity__past_identifiers': ['record_id', 'identifier_type', 'identifier_key', 'known_on'],
    'int_identity__ledger': ['record_id', 'build_number'],
    'int_identity__logins': ['record_id', 'anonymous_id'],
    'int_identity__other_identifiers': ['record_id', 'source_identifier_type', 'value_key'],
    'int_identity__certain_people': ['node'],
    'int_identity__disputed_personal_chains': ['component'],
    'int_identity__disputed_personal_identifiers': ['identifier_type', 'identifier_key'],
    'int_identity__divided_identifiers': ['record_number', 'identifier_type', 'identifier_key'],
    'int_identity__people': ['node'],
    'int_identity__twins': ['node'],
    'int_identity__personal_chains': ['node'],
    'int_identity__personal_identifiers': ['record_number', 'identifier_type', 'identifier_key'],
    'int_identity__personal_values': ['person_number', 'attribute_name'],
    'int_identity__fuzzy_edges': ['record_id_a', 'record_id_b'],
    'int_identity__records': ['record_id'],
    'int_identity__shared_identifiers': ['record_number', 'identifier_type', 'identifier_key'],
    'int_contacts__frequent_values': ['contact_id'],
    'int_contacts__source_records': ['record_id'],
    'int_contacts__hashed_emails': ['email_sha256'],
    'int_contacts__identifier_owners': ['identifier_type', 'identifier_key'],
    'int_lifecycle__milestones': ['contact_id', 'event_name'],
    'int_contacts__sessions': ['session_id'],
    'int_contacts__visitor_owners': ['source_system', 'visitor_type', 'visitor_id', 'change_number'],
    'int_behaviour__visitors': ['source_system', 'visitor_type', 'visitor_id'],
    'int_leads__signals': ['contact_id', 'signal_type', 'signal_name', 'occurred_on'],
    'int_lifecycle__funnel_steps': ['contact_id', 'step_number'],
    'int_lifecycle__purchase_spells': ['contact_id', 'purchased_on'],
    'int_lifecycle__stage_starts': ['contact_id', 'starts_on', 'lifecycle_stage'],
    'int_rfm__interactions': ['interaction_id'],
    'int_rfm__month_ends': ['month_end'],
    'int_rfm__monthly_measures': ['contact_id', 'month_end'],
    'int_rfm__monthly_score_bands': ['month_end', 'measure', 'score'],
    'int_rfm__monthly_scores': ['contact_id', 'month_end'],
    'int_segments__drift': ['segment_name'],
    'int_segments__former_contact_ids': ['former_contact_id'],
    'int_segments__measurements': ['segment_name', 'as_of_date'],
    'int_segments__membership_spells': ['segment_name', 'contact_id', 'entered_on'],
    'int_segments__nearest': ['segment_name'],
    'int_segments__size_changes': ['segment_name'],
    'int_planning__buyers': ['country_code', 'season', 'contact_id'],
    'int_planning__categories': ['country_code', 'season', 'category'],
    'int_seasons__contact_calendars': ['contact_id'],
    'int_seasons__days': ['country_code', 'season', 'season_day'],
    'int_planning__next_seasons': ['country_code', 'season'],
    'int_seasons__occurrences': ['country_code', 'season', 'season_year'],
    'int_planning__reach': ['country_code'],
    'int_planning__segments': ['country_code', 'season', 'segment_name'],
    'int_traits__active_hours': ['contact_id', 'activity', 'local_weekday', 'local_hour'],
    'int_traits__attributes': ['contact_id'],
    'int_traits__behaviour': ['contact_id'],
    'int_behaviour__carts': ['contact_id'],
    'int_traits__categories': ['contact_id'],
    'int_consents__permissions': ['contact_id'],
    'int_traits__customer_categories': ['contact_id'],
    'int_traits__devices': ['contact_id'],
    'int_traits__engagement': ['contact_id'],
    'int_traits__interests': ['contact_id'],
    'int_traits__next_products': ['contact_id'],
    'int_traits__purchases': ['contact_id'],
    'int_traits__seasons': ['contact_id'],
    'int_traits__sessions': ['contact_id'],
    'int_traits__social': ['contact_id'],
    'int_lifecycle__subscriptions': ['contact_id'],
    'int_traits__relations': ['contact_id'],
    'int_contacts__bounced_keys': ['record_id', 'channel', 'bounced_at', 'identifier_type'],
    'int_consents__dead_keys': ['channel', 'identifier_type', 'identifier_key'],
    'int_consents__message_histories': ['contact_id', 'channel'],
    'int_consents__objections': ['record_id', 'channel', 'event_name'],
    'int_consents__rejected_addresses': ['voice_id', 'identifier_type', 'identifier_key'],
    'int_consents__rejected_noes': ['channel', 'identifier_type', 'identifier_key'],
    'int_consents__shared_keys': ['contact_id', 'identifier_type', 'identifier_key'],
    'int_contacts__undated_noes': ['voice_id', 'channel'],
    'int_audiences__channel_states': ['contact_id', 'channel'],
    'int_audiences__forbidden_keys': ['channel', 'identifier_type', 'identifier_key'],
    'int_audiences__reachability': ['contact_id', 'channel', 'identifier'],
    'int_audiences__eligibility': ['channel', 'identifier', 'segment_name', 'contact_id'],
    'int_audiences__ways': ['channel', 'identifier'],
    'int_audiences__recipients': ['channel', 'identifier', 'contact_id'],
    'int_traits__tags': ['contact_id'],
    'int_traits__timing': ['contact_id'],
    'int_triggers__occurrences': ['contact_id', 'trigger_name', 'occurred_on'],
    'base_people__objection_tags': ['source_system', 'tag'],
    'stg_activity__campaigns': ['campaign_id'],
    'stg_activity__events': ['source_system', 'event_id'],
    'stg_activity__objections': ['source_system', 'visitor_type', 'visitor_id', 'channel', 'event_name'],
    'stg_activity__experiment_assignments': ['experiment_name', 'record_id', 'variant', 'assigned_at'],
    'stg_commerce__exchange_rates': ['currency', 'rate_date'],
    'stg_commerce__order_items': ['order_id', 'line_number'],
    'stg_commerce__orders': ['order_id'],
    'stg_commerce__products': ['source_product_id'],
    'int_quality__input_key_prefixes': ['check_name', 'raw_table', 'source_system', 'missing_key', 'remedy'],
    'int_quality__input_minor_units': ['raw_table', 'source_system', 'subject'],
    'int_quality__input_near_misses': ['check_name', 'raw_table', 'source_system'],
    'int_quality__input_rejected_words': ['raw_table', 'source_system', 'rejection_reason', "coalesce(word, '')"],
    'int_quality__input_verdicts': ['check_name', 'raw_table', 'source_system', 'subject'],
    'base_people__numbering_plans': ['calling_code'],
    'base_people__channels': ['channel'],
    'base_people__spellings': ['kind', 'spelling'],
    'stg_people__consents': ['record_id', 'channel', "coalesce(raw_channel, '')", 'consent_status', "coalesce(cast(raw_occurred_at as " ~ dbt.type_string() ~ "), '')"],
    'stg_people__contact_identifiers': ['record_id', 'source_identifier_type', 'identifier_value'],
    'stg_people__contact_tags': ['record_id', 'tag', 'tagged_at'],
    'stg_people__former_identifiers': ['record_id', 'identifier_type', 'identifier_key'],
    'stg_people__contacts': ['record_id'],
} -%}
{%- if var('metrics') is true -%}
{%- do keys.update({'int_metrics__days': ['calendar_day']}) -%}
{%- endif -%}
{%- if has_feature('campaigns') -%}
{%- do keys.update({
    'int_campaigns__conversions': ['event_name', 'conversion_id'],
    'int_campaigns__credits': ['event_name', 'conversion_id', 'campaign_id', 'send_number'],
    'int_campaigns__known': ['campaign_id'],
    'int_campaigns__messages': ['campaign_id', 'contact_id', 'send_number'],
    'int_segment_effects__responses': ['segment_name', 'channel'],
    'int_segment_effects__sends': ['segment_name', 'campaign_id', 'contact_id', 'send_number'],
}) -%}
{%- endif -%}
{%- if has_feature('experiments') -%}
{%- do keys.update({
    'int_experiments__totals': ['experiment_name', 'variant', 'metric'],
    'int_experiments__tests': ['experiment_name', 'variant', 'metric'],
    'int_experiments__variants': ['experiment_name', 'variant'],
}) -%}
{%- endif -%}
{%- if has_feature('lookalikes') -%}
{%- do keys.update({
    'int_lookalikes__bin_weights': ['segment_name', 'trait', 'bin'],
    'int_lookalikes__bins': ['trait_value'],
    'int_lookalikes__contacts': ['contact_id'],
    'int_lookalikes__sampled_evidence': ['segment_name', 'trait', 'contact_id'],
    'int_lookalikes__trait_choices': ['segment_name', 'trait'],
    'int_lookalikes__trait_overlaps': ['segment_name', 'trait'],
    'int_lookalikes__traits': ['segment_name', 'trait'],
    'int_lookalikes__value_counts': ['segment_name', 'trait_value'],
}) -%}
{%- endif -%}
{%- if has_feature('lifetime_value') -%}
{%- do keys.update({
    'int_lifetime_value__expectations': ['repeat_purchase_days', 'tenure_days'],
    'int_lifetime_value__parameters': ['parameter_set'],
    'int_lifetime_value__survivals': ['contact_id'],
}) -%}
{%- endif -%}
{%- if has_feature('campaigns') or has_feature('experiments') -%}
{%- do keys.update({
    'int_campaigns__events': ['source_system', 'event_id'],
}) -%}
{%- endif %}

with

broken_internal_keys as (

    {{ broken_keys(keys) | indent(4) }}

)

select
    'the key is null or stands more than once' as problem,
    model_name,
    case
        {%- for model_name, key in keys.items() %}
        when model_name = '{{ model_name }}' then {{ sql_text(key | join(', ')) }}
        {%- endfor %}
    end as key_columns,
    row_count
from broken_internal_keys
