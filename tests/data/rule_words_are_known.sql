-- A word of a seed that nothing reads would be a rule that never applies, without a word about it.
{%- set funnel_stages = ['awareness', 'interest', 'desire', 'action'] -%}
{%- set lifecycle_stages = ['prospect', 'new', 'active', 'loyal', 'reactivated', 'lapsed', 'churned'] -%}
{%- set words = [
    ('event_vocabulary', 'funnel_stage', funnel_stages),
    ('survivorship_rules', 'attribute', survivorship_attributes() | list + ['address']),
    ('survivorship_rules', 'rule', ['newest', 'most_frequent', 'source_priority', 'verified_first']),
    ('erasure_decisions', 'decision', ['erase', 'release']),
    ('placeholder_identifiers', 'matched_part', ['value', 'domain', 'local_part']),
    ('hubspot_lifecycle_stages', 'lifecycle_stage', lifecycle_stages),
    ('hubspot_lifecycle_stages', 'funnel_stage', funnel_stages + ['*']),
    ('destinations', 'channel', var('consent_defaults') | list),
    ('destinations', 'identifier', ['contact_id', 'email', 'email_or_phone']),
    ('destinations', 'on_exit', ['remove', 'update']),
    ('lead_score_rules', 'signal_type', ['event', 'trait']),
    ('trigger_rules', 'trigger_name', [
        'about_to_lapse', 'birthday', 'cart_abandoned', 'first_purchase', 'signed_up', 'stage_beyond_cycle', 'subscription_ended',
    ]),
    ('trait_families', 'trait', trait_types() | list or ['is_erased']),
    ('trait_families', 'trait_family', [
        'acquisition', 'attributes', 'birth_date', 'carts', 'consents', 'devices', 'education', 'erasure', 'gender', 'geography', 'income',
        'interests', 'loyalty', 'messages', 'occupation', 'purchases', 'reachability', 'records', 'sign_up', 'social', 'subscriptions',
        'tags', 'visits',
    ]),
] -%}
{%- set references = [
    ('event_names', 'event_name', 'event_vocabulary', 'event_name', []),
    ('campaign_goals', 'event_name', 'event_vocabulary', 'event_name', ['purchase']),
    ('identifier_type_aliases', 'identifier_type', 'identifier_types', 'identifier_type', []),
    ('placeholder_identifiers', 'identifier_type', 'identifier_types', 'identifier_type', ['*', 'email', 'phone', 'birth_date']),
    ('rfm_groups', 'preset', 'rfm_presets', 'preset', []),
] %}

with

unknown_words as (
    {%- for seed, column, known in words %}

    select
        '{{ seed }}' as seed_name,
        '{{ column }}' as column_name,
        {{ column }} as word,
        '{{ known | join(', ') if known | length < 40 else 'the columns of contact_traits' }}' as write_one_of

    from {{ ref('crm_segmentation', seed) }}

    where {{ column }} is not null and {{ column }} not in ({{ text_literals(known) }})

    union all
    {%- endfor %}
    {%- for seed, column, other_seed, other_column, more in references %}

    select
        '{{ seed }}' as seed_name,
        '{{ column }}' as column_name,
        rules.{{ column }} as word,
        'a word of seeds/reference/{{ other_seed }}.csv' as write_one_of

    from {{ ref('crm_segmentation', seed) }} as rules

    left join {{ ref('crm_segmentation', other_seed) }} as known
        on rules.{{ column }} = known.{{ other_column }}

    where
        known.{{ other_column }} is null
        and rules.{{ column }} is not null
        {{ 'and rules.' ~ column ~ ' not in (' ~ text_literals(more) ~ ')' if more }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select distinct
    seed_name,
    column_name,
    word,
    write_one_of
from unknown_words
