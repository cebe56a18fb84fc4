-- Guarantees that an erased contact keeps nothing but keys and dates, and that no value which stands for nobody reaches a contact.
with

{{ imports({
    'source_records': 'stg_people__contacts',
    'identity_records': 'int_identity__records',
    'contact_records': 'contact_records',
    'erased_records': 'int_identity__erased_records',
    'source_priorities': 'source_priorities',
}) }}

erasure_reviews as (

    select * from {{ ref('crm_segmentation', 'int_identity__erasure_reviews') }}
    where verdict = 'held_back'

),

-- An address that nobody reads, or that many people read, reaches no contact.
nobodys_identifiers as (

    select distinct
        identifier_type,
        identifier_key

    from {{ ref('crm_segmentation', 'int_identity__identifiers') }}

    where blocked_reason in ('placeholder', 'too_many_records')

),

verified_records as (

    select distinct record_id
    from {{ ref('crm_segmentation', 'stg_people__consents') }}
    where consent_status = 'granted' and lower(consent_source) = 'double_opt_in'

),

-- Of an erased contact no record keeps anything but key and dates.
usable as (

    select
        source_records.record_id,
        contact_records.contact_id,
        source_records.created_at,
        source_records.signed_up_at,
        source_records.updated_at,
        erased_records.record_id is not null as is_erased,
        erasure_reviews.record_id is not null as is_held_back,
        verified_records.record_id is not null as is_verified,
        coalesce(source_priorities.priority, 1000) as priority,
        {%- for attribute in (survivorship_attributes() | list) + (address_parts() | list) if attribute not in ['email', 'phone_e164'] %}
        case when erased_records.record_id is null then source_records.{{ attribute }} end as {{ attribute }},
        {%- endfor %}
        case when coalesce(erased_records.record_id, nobodys_emails.identifier_key) is null then source_records.email end as email,
        case when coalesce(erased_records.record_id, nobodys_phones.identifier_key) is null then source_records.phone_e164 end as phone_e164

    from source_records

    inner join contact_records on source_records.record_id = contact_records.record_id

    left join identity_records on source_records.record_id = identity_records.record_id

    left join nobodys_identifiers as nobodys_emails
        on nobodys_emails.identifier_type = 'email' and identity_records.email_key = nobodys_emails.identifier_key

    left join nobodys_identifiers as nobodys_phones
        on nobodys_phones.identifier_type = 'phone' and identity_records.phone_line_key = nobodys_phones.identifier_key

    left join erased_records on source_records.record_id = erased_records.record_id

    left join erasure_reviews on source_records.record_id = erasure_reviews.record_id

    left join verified_records on source_records.record_id = verified_records.record_id

    left join source_priorities on source_records.source_system = {{ tidy_source_system('source_priorities.source_system') }}

),

ranked as (

    select
        *,
        row_number() over (partition by contact_id order by updated_at desc, priority asc, record_id asc) as newest_rank,
        row_number() over (partition by contact_id order by priority asc, updated_at desc, record_id asc) as source_rank,
        row_number() over (
            partition by contact_id
            order by case when is_verified then 0 else 1 end asc, updated_at desc, priority asc, record_id asc
        ) as verified_rank

    from usable

)

select * from ranked
