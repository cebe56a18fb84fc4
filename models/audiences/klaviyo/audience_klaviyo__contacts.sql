with

recipients as (

    {{ recipients_of('klaviyo') }}

),

-- A bulk import cannot set null: every value is explicit but the identifiers, which must be valid or missing.
klaviyo_contacts as (

    select
        recipients.contact_id as external_id,
        recipients.email,
        recipients.phone_e164 as phone_number,
        coalesce(recipients.first_name, '') as first_name,
        coalesce(recipients.last_name, '') as last_name,
        coalesce(recipients.city, '') as city,
        coalesce(recipients.region, '') as region,
        coalesce(recipients.country_code, '') as country,
        recipients.lifecycle_stage as crm_lifecycle_stage,
        coalesce(recipients.rfm_group, '') as crm_rfm_group,
        {{ json_strings('recipients.segment_names') }} as crm_segments

    from recipients

)

select * from klaviyo_contacts
