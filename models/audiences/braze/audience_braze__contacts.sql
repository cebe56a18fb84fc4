with

recipients as (

    {{ recipients_of('braze') }}

),

attributes as (

    select
        recipients.contact_id as external_id,
        recipients.email,
        recipients.phone_e164 as phone,
        recipients.first_name,
        recipients.last_name,
        recipients.country_code as country,
        recipients.language_code as language, -- noqa: RF04
        recipients.time_zone,
        case recipients.gender when 'male' then 'M' when 'female' then 'F' when 'nonbinary' then 'O' end as gender,
        true as crm_is_member,
        recipients.lifecycle_stage as crm_lifecycle_stage,
        recipients.rfm_group as crm_rfm_group,
        {{ json_strings('recipients.segment_names') }} as crm_segments

    from recipients

),

braze_contacts as (

    select
        *,
        {{ json_object(braze_attributes()) }} as payload

    from attributes

)

select * from braze_contacts
