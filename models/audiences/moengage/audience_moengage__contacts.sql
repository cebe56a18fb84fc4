with

recipients as (

    {{ recipients_of('moengage') }}

),

moengage_contacts as (

    select
        recipients.contact_id as customer_id,
        recipients.first_name,
        recipients.last_name,
        recipients.email,
        recipients.phone_e164 as mobile,
        case when recipients.gender in ('male', 'female') then recipients.gender end as gender,
        recipients.country_code as crm_country,
        recipients.lifecycle_stage as crm_lifecycle_stage,
        recipients.rfm_group as crm_rfm_group,
        recipients.purchase_count as crm_purchase_count,
        {{ separated('recipients.segment_names', ',') }} as crm_segments

    from recipients

)

select * from moengage_contacts
