{{ config(enabled=is_connected('eloqua')) }}

-- Guarantees one row per activity and contact that it is of: a subscription or a bounce names an address alone, and is of everybody who has
-- it.
with

activities as (

    select
        *,
        replace(replace(lower(activity_type), 'activity_', ''), '_', '') as kind,
        case when contact_id is null then lower(email) end as address,
        {{ in_utc('occurred_at', 'eloqua') }} as utc_occurred_at

    from {{ ref('crm_segmentation', 'landed_eloqua__activities') }}

),

contacts as (

    select
        *,
        lower(email) as address,
        row_number() over (
            partition by source_system, lower(email)
            order by created_at, {{ by_code_point('contact_id') }}
        ) as place

    from {{ ref('crm_segmentation', 'landed_eloqua__contacts') }}

    where email is not null

),

acts as (

    select
        activities.source_system,
        activities.activity_id,
        activities.kind,
        activities.campaign_id,
        activities.visitor_id,
        activities.page_url,
        activities.smtp_status,
        activities.loaded_at,
        activities.utc_occurred_at as occurred_at,
        coalesce(activities.contact_id, contacts.contact_id) as contact_id,
        coalesce(contacts.place, 1) as place

    from activities

    left join contacts
        on activities.source_system = contacts.source_system and activities.address = contacts.address

)

select * from acts
