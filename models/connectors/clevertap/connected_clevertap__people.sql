{{ config(enabled=is_connected('clevertap')) }}

-- Guarantees one row for each profile with somebody in it. A profile of a device that nobody has logged in from is no person.
with

people as (

    select
        source_system,
        object_id,
        user_id,
        email,
        phone,
        full_name,
        birth_date,
        gender,
        city,
        country,
        timezone,
        takes_email,
        takes_sms,
        takes_push,
        loaded_at,
        {{ in_utc('first_seen_at', 'clevertap') }} as first_seen_at,
        {{ in_utc('last_seen_at', 'clevertap') }} as last_seen_at,
        case when user_id is null then source_system else {{ contact_system('clevertap') }} end as contact_system,
        coalesce(user_id, lower(email), phone) as person_key

    from {{ ref('crm_segmentation', 'landed_clevertap__profiles') }}

    where user_id is not null or email is not null or phone is not null

)

select * from people
