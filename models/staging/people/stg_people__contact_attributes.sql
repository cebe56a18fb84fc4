with

kept_rows as (

    select * from {{ ref('crm_segmentation', 'base_people__contact_attributes') }}
    where row_status = 'kept'

),

tidied as (

    select
        {{ hashed_key(['source_system', known_key('source_contact_id')]) }} as record_id,
        source_system,
        {{ known_key('source_contact_id') }} as source_contact_id,
        {{ email_address('email') }} as email,
        {{ sha256_digits('email_sha256') }} as email_sha256,
        provider,
        lower(party) as party,
        lower(attribute_name) as attribute_name,
        attribute_value,
        observed_at,
        email as raw_email,
        email_sha256 as raw_email_sha256,
        source_contact_id as raw_source_contact_id

    from kept_rows

)

select * from tidied
