-- Guarantees that an address or number compares as those of raw_contacts do, whichever table it came in. One that is
-- none keeps its row with the reason, and has no key by which it could join anybody.
with

identifiers as (

    select * from {{ ref('crm_segmentation', 'stg_people__contact_identifiers') }}

),

records as (

    select * from {{ ref('crm_segmentation', 'int_identity__records') }}

),

phone_numbers as (

    select * from {{ ref('crm_segmentation', 'base_people__phone_numbers') }}

),

by_type as (

    select
        identifiers.record_id,
        identifiers.source_identifier_type,
        identifiers.identifier_type,
        {{ identifier_key('identifiers.identifier_value') }} as value_key,
        case
            when identifiers.identifier_type = 'email' then {{ email_address('identifiers.raw_identifier_value') }}
        end as email,
        case when identifiers.identifier_type = 'phone' then identifiers.raw_identifier_value end as phone,
        case
            when records.record_id is null then {{ default_country() }} else records.phone_country_code
        end as country_code

    from identifiers

    left join records on identifiers.record_id = records.record_id

),

matching as (

    select
        by_type.*,
        {{ matching_email('by_type.email') }} as matching_email,
        phone_numbers.phone_e164,
        phone_numbers.phone_line,
        phone_numbers.rejection_reason as phone_rejection_reason

    from by_type

    left join phone_numbers
        on
            by_type.phone = phone_numbers.phone
            and coalesce(by_type.country_code, '') = coalesce(phone_numbers.country_code, '')

),

other_identifiers as (

    select
        record_id,
        source_identifier_type,
        identifier_type,
        value_key,
        case
            when identifier_type = 'email' then {{ identifier_key('matching_email') }}
            when identifier_type = 'phone' then {{ identifier_key('phone_line') }}
            else value_key
        end as identifier_key,
        {{ identifier_key(email_local_part('matching_email')) }} as email_local_part_key,
        {{ identifier_key(text_part('matching_email', '@', 2)) }} as email_domain_key,
        {{ identifier_key('phone_e164') }} as phone_number_key,
        case
            when identifier_type = 'email' and email is null then 'not_an_email_address'
            when identifier_type = 'phone' then phone_rejection_reason
        end as rejection_reason

    from matching

)

select * from other_identifiers
