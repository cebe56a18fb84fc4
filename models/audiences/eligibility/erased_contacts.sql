{%- set destinations = {
    'braze': 'external_id', 'clevertap': 'identity', 'dynamics_365': 'new_crmcontactid', 'google_customer_match': 'contact_id',
    'hubspot': 'contact_id', 'iterable': 'user_id', 'klaviyo': 'external_id', 'mailchimp': 'contact_id', 'meta': 'contact_id',
    'moengage': 'customer_id', 'onesignal': 'external_id', 'oracle_eloqua': 'c_crm_contact_id1',
    'oracle_responsys': 'customer_id_', 'salesforce': 'crm_contact_id__c', 'shopify': 'contact_id', 'snap': 'contact_id',
    'x': 'contact_id',
} -%}

with

contacts as (

    select * from {{ ref('contacts') }}
    where is_erased

),

published as (
    {% for destination, id_column in destinations.items() %}
    select
        '{{ destination }}' as destination,
        {{ id_column }} as contact_id,
        is_member,
        updated_at

    from {{ ref('crm_segmentation', 'audience_' ~ destination ~ '__changes') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

erased_contacts as (

    select
        contacts.contact_id,
        cast(count(distinct published.destination) as {{ dbt.type_int() }}) as destination_count,
        coalesce(max(case when published.is_member then 1 else 0 end), 0) = 0 as is_removed,
        max(published.updated_at) as told_at

    from contacts

    left join published on contacts.contact_id = published.contact_id

    group by contacts.contact_id

)

select * from erased_contacts
