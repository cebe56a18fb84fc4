{{ config(enabled=is_connected('klaviyo', 'raw_contacts')) }}

with

profiles as (

    select * from {{ ref('crm_segmentation', 'landed_klaviyo__profiles') }}
    where source_system in ({{ instances_feeding('klaviyo', 'raw_contacts') }})

),

contacts as (

    select
        source_system,
        profile_id as source_contact_id,
        email,
        phone,
        first_name,
        last_name,
        job_title,
        company,
        address_line,
        postal_code,
        city,
        region,
        country,
        timezone,
        created_at,
        updated_at,
        loaded_at

    from profiles

)

select * from contacts
