with

recipients as (

    {{ recipients_of('dynamics_365') }}

),

-- A text longer than its column fails the row.
dynamics_365_contacts as (

    select
        recipients.contact_id as new_crmcontactid,
        case when length(recipients.email) <= 100 then recipients.email end as emailaddress1,
        coalesce(substr(recipients.first_name, 1, 50), '') as firstname,
        coalesce(substr(recipients.last_name, 1, 50), '') as lastname,
        coalesce(recipients.phone_e164, '') as mobilephone,
        coalesce(substr(recipients.city, 1, 80), '') as address1_city,
        coalesce(recipients.country_code, '') as address1_country,
        false as donotbulkemail,
        recipients.lifecycle_stage as new_lifecyclestage,
        coalesce(recipients.rfm_group, '') as new_rfmgroup,
        {{ separated('recipients.segment_names', ';') }} as new_segments

    from recipients

)

select * from dynamics_365_contacts
