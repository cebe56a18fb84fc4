with

recipients as (

    {{ recipients_of('clevertap') }}

),

-- Gender is M or F and the phone carries its country code; an unknown value is left out by sending none.
clevertap_contacts as (

    select
        recipients.contact_id as identity, -- noqa: RF04
        nullif(trim(coalesce(recipients.first_name, '') || ' ' || coalesce(recipients.last_name, '')), '') as name, -- noqa: RF04
        recipients.email,
        recipients.phone_e164 as phone,
        case recipients.gender when 'male' then 'M' when 'female' then 'F' end as gender,
        recipients.time_zone as tz,
        true as msg_email,
        recipients.lifecycle_stage as crm_lifecycle_stage,
        recipients.rfm_group as crm_rfm_group,
        {{ json_strings('recipients.segment_names') }} as crm_segments

    from recipients

)

select * from clevertap_contacts
