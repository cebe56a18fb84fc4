with

recipients as (

    {{ recipients_of('oracle_eloqua') }}

),

-- Text fields hold 100 characters.
oracle_eloqua_contacts as (

    select
        recipients.contact_id as c_crm_contact_id1,
        recipients.email as c_emailaddress,
        coalesce(substr(recipients.first_name, 1, 100), '') as c_firstname,
        coalesce(substr(recipients.last_name, 1, 100), '') as c_lastname,
        coalesce(recipients.phone_e164, '') as c_mobilephone,
        coalesce(substr(recipients.city, 1, 100), '') as c_city,
        coalesce(recipients.country_code, '') as c_country,
        recipients.lifecycle_stage as c_lifecycle_stage1,
        {{ separated('recipients.segment_names', ',') }} as c_segments1

    from recipients

)

select * from oracle_eloqua_contacts
