{{ config(enabled=is_connected('responsys', 'raw_contacts')) }}

with

recipients as (

    select
        *,
        row_number() over (
            partition by source_system, riid
            order by updated_at desc nulls last, loaded_at desc nulls last, {{ by_code_point("coalesce(email, '')") }}
        ) as version_number

    from {{ ref('crm_segmentation', 'landed_responsys__profiles') }}

    where source_system in ({{ instances_feeding('responsys', 'raw_contacts') }})

),

contacts as (

    select
        source_system,
        riid as source_contact_id,
        email,
        phone,
        first_name,
        last_name,
        address_line,
        postal_code,
        city,
        region,
        country,
        loaded_at,
        {{ in_utc('created_at', 'responsys') }} as created_at,
        {{ in_utc('updated_at', 'responsys') }} as updated_at

    from recipients

    where version_number = 1

)

select * from contacts
