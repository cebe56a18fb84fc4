with

recipients as (

    {{ recipients_of('hubspot') }}

),

stage_names as (

    select * from {{ ref('crm_segmentation', 'hubspot_lifecycle_stages') }}

),

-- An empty text clears a property in HubSpot, a null leaves the old value standing. The choices of a
-- multiple-checkbox property are separated by semicolons.
hubspot_contacts as (

    select
        recipients.contact_id,
        recipients.email,
        coalesce(recipients.first_name, '') as firstname,
        coalesce(recipients.last_name, '') as lastname,
        coalesce(recipients.phone_e164, '') as phone,
        coalesce(recipients.country_code, '') as country,
        stage_names.hubspot_lifecyclestage as lifecyclestage,
        recipients.lifecycle_stage as crm_lifecycle_stage,
        coalesce(recipients.rfm_group, '') as crm_rfm_group,
        {{ separated('recipients.segment_names', ';') }} as crm_segments

    from recipients

    inner join stage_names
        on
            recipients.lifecycle_stage = stage_names.lifecycle_stage
            and stage_names.funnel_stage in ('*', recipients.funnel_stage)

)

select * from hubspot_contacts
