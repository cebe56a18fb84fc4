{{ config(enabled=is_connected('hubspot', 'raw_contacts')) }}

with

portal_contacts as (

    select * from {{ ref('crm_segmentation', 'landed_hubspot__contacts') }}
    where source_system in ({{ instances_feeding('hubspot', 'raw_contacts') }})

),

contacts as (

    select
        source_system,
        contact_id as source_contact_id,
        email,
        phone,
        first_name,
        last_name,
        birth_date,
        gender,
        job_title,
        company,
        address_line,
        postal_code,
        city,
        region,
        country,
        language,
        acquisition_source,
        created_at,
        updated_at,
        loaded_at

    from portal_contacts

)

select * from contacts
