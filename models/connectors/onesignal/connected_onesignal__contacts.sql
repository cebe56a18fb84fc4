{{ config(enabled=is_connected('onesignal', 'raw_contacts')) }}

with

subscriptions as (

    select
        *,
        coalesce(external_id, subscription_id) as person_key,
        row_number() over (
            partition by source_system, coalesce(external_id, subscription_id)
            order by last_active_at desc nulls last, {{ by_code_point('subscription_id') }}
        ) as subscription_place

    from {{ ref('crm_segmentation', 'landed_onesignal__subscriptions') }}

    where source_system in ({{ instances_feeding('onesignal', 'raw_contacts') }})

),

-- A person has a row for each device, address and number: the company's own key says whose they are, and what was used last speaks first.
contacts as (

    select
        source_system,
        person_key as source_contact_id,
        min(created_at) as created_at,
        max(last_active_at) as updated_at,
        max(loaded_at) as loaded_at,
        {{ value_at_lowest('case when device_type = 11 then identifier end', 'subscription_place') }} as email,
        {{ value_at_lowest('case when device_type = 14 then identifier end', 'subscription_place') }} as phone,
        {{ value_at_lowest('country', 'subscription_place') }} as country,
        {{ value_at_lowest('language', 'subscription_place') }} as language, -- noqa: RF04
        {{ value_at_lowest('timezone', 'subscription_place') }} as timezone

    from subscriptions

    group by source_system, person_key

)

select * from contacts
