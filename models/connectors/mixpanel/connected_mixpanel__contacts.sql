{{ config(enabled=is_connected('mixpanel', 'raw_contacts')) }}

with

-- Where the company names people by the keys of another system, they are that system's.
profiles as (

    select * from {{ ref('crm_segmentation', 'connected_mixpanel__profiles') }}
    where
        source_system in ({{ instances_feeding('mixpanel', 'raw_contacts') }})
        and source_system = {{ contact_system('mixpanel') }}

),

acts as (

    select * from {{ ref('crm_segmentation', 'connected_mixpanel__acts') }}

),

first_acts as (

    select
        source_system,
        user_id,
        min(occurred_at) as first_occurred_at

    from acts

    where user_id is not null

    group by source_system, user_id

),

contacts as (

    select
        profiles.source_system,
        profiles.distinct_id as source_contact_id,
        profiles.phone,
        profiles.first_name,
        profiles.last_name,
        profiles.city,
        profiles.region,
        profiles.country,
        profiles.timezone,
        profiles.last_seen_at as updated_at,
        profiles.loaded_at,
        coalesce(profiles.email, {{ email_address('profiles.distinct_id') }}) as email,
        {{ least_of(['profiles.profile_created_at', 'first_acts.first_occurred_at', 'profiles.last_seen_at']) }} as created_at

    from profiles

    left join first_acts on profiles.source_system = first_acts.source_system and profiles.distinct_id = first_acts.user_id

)

select * from contacts
