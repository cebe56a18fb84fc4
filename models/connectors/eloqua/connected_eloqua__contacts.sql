{{ config(enabled=is_connected('eloqua', 'raw_contacts')) }}

with

people as (

    select * from {{ ref('crm_segmentation', 'landed_eloqua__contacts') }}
    where source_system in ({{ instances_feeding('eloqua', 'raw_contacts') }})

),

contacts as (

    select
        source_system,
        contact_id as source_contact_id,
        email,
        phone,
        first_name,
        last_name,
        company,
        job_title,
        address_line,
        postal_code,
        city,
        region,
        country,
        loaded_at,
        {{ in_utc('created_at', 'eloqua') }} as created_at,
        {{ in_utc('updated_at', 'eloqua') }} as updated_at

    from people

)

select * from contacts
