-- One test for all: each of its own would cost a statement on every build.
{%- set keys = {
    'int_commerce__order_day_rates': ['currency', 'ordered_on'],
    'int_commerce__orders_in_reporting_currency': ['order_id'],
    'int_identity__clusters': ['node'],
    'int_identity__edges': ['node_a', 'node_b'],
    'int_identity__identifiers': ['record_id', 'identifier_type', 'identifier_value'],
    'int_identity__records': ['record_id'],
    'int_contacts__identifier_owners': ['identifier_type', 'identifier_value'],
    'int_lifecycle__funnel_stages': ['contact_id'],
    'int_lifecycle__purchase_spells': ['contact_id', 'purchased_on'],
    'int_lifecycle__stage_starts': ['contact_id', 'starts_on', 'lifecycle_stage'],
    'int_rfm__ordered_values': ['measure', 'value_position'],
    'int_rfm__quantile_cut_points': ['measure', 'cut_number'],
    'int_traits__categories': ['contact_id'],
    'int_traits__consents': ['contact_id'],
    'int_traits__purchases': ['contact_id'],
    'stg_activity__campaigns': ['campaign_id'],
    'stg_activity__events': ['source_system', 'event_id'],
    'stg_activity__experiment_assignments': ['experiment_name', 'record_id', 'variant', 'assigned_at'],
    'stg_commerce__exchange_rates': ['currency', 'rate_date'],
    'stg_commerce__order_items': ['order_id', 'line_number'],
    'stg_commerce__orders': ['order_id'],
    'stg_commerce__products': ['source_product_id'],
    'base_people__numbering_plans': ['calling_code'],
    'base_people__spellings': ['kind', 'spelling'],
    'stg_people__consents': ['record_id', 'channel', 'consent_status', 'occurred_at'],
    'stg_people__contact_identifiers': ['record_id', 'identifier_type', 'identifier_value'],
    'stg_people__contact_tags': ['record_id', 'tag', 'tagged_at'],
    'stg_people__contacts': ['record_id'],
} -%}

{%- for model, key in keys.items() %}
select
    '{{ model }}' as model,
    count(*) as row_count
from {{ ref(model) }}
group by {{ key | join(', ') }}
having count(*) > 1 or {% for column in key %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
{%- if not loop.last %}

union all
{% endif %}
{%- endfor %}
