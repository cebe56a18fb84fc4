-- One test for all destinations: a key that stands twice would be two people in one, and an exit that is no member must say so.
{%- set keys = {
    'braze': 'external_id',
    'clevertap': 'identity',
    'dynamics_365': 'new_crmcontactid',
    'google_customer_match': 'match_key',
    'hubspot': 'contact_id',
    'iterable': 'user_id',
    'klaviyo': 'external_id',
    'mailchimp': 'subscriber_hash',
    'meta': 'match_key',
    'moengage': 'customer_id',
    'onesignal': 'external_id',
    'oracle_eloqua': 'c_crm_contact_id1',
    'oracle_responsys': 'customer_id_',
    'salesforce': 'crm_contact_id__c',
    'shopify': 'contact_id',
    'snap': 'match_key',
    'x': 'match_key',
} %}
{%- set identifiers = {
    'google_customer_match': ['hashed_email', 'hashed_phone_number'],
    'meta': ['email', 'phone'],
    'snap': ['email_sha256', 'phone_sha256'],
    'x': ['email'],
} %}
{%- set model_keys = {} %}
{%- for destination, key in keys.items() %}
{%- do model_keys.update({'audience_' ~ destination ~ '__contacts': [key], 'audience_' ~ destination ~ '__changes': [key]}) %}
{%- endfor %}

{{ broken_keys(model_keys) }}
{% for destination in keys %}
union all

select
    'audience_{{ destination }}__changes' as model_name,
    count(*) as row_count
from {{ ref('crm_segmentation', 'audience_' ~ destination ~ '__changes') }}
where
    updated_at is null
    or row_hash is null
    or change_type not in ('entered', 'updated', 'exited')
    or is_member != (change_type != 'exited')
having count(*) > 0
{% endfor %}
{%- for destination, columns in identifiers.items() %}
{%- for column in columns %}
union all

select
    'audience_{{ destination }}__changes' as model_name,
    count(*) as row_count
from {{ ref('crm_segmentation', 'audience_' ~ destination ~ '__changes') }} as exits
inner join {{ ref('crm_segmentation', 'audience_' ~ destination ~ '__contacts') }} as members on exits.{{ column }} = members.{{ column }}
where not exits.is_member
having count(*) > 0
{% endfor %}
{%- endfor %}
union all

select
    'audience_hubspot__contacts' as model_name,
    count(*) as row_count
from {{ ref('audience_hubspot__contacts') }}
where
    email is null
    or lifecyclestage not in (
        'subscriber', 'lead', 'marketingqualifiedlead', 'salesqualifiedlead', 'opportunity', 'customer', 'evangelist', 'other'
    )
having count(*) > 0
