{{ config(enabled=is_connected('mixpanel', 'raw_contacts') or is_connected('mixpanel', 'raw_contact_identifiers')) }}

-- Guarantees that nobody is left whom an event, or the name itself, tells to be a browser: those have profiles, too.
with

landed_profiles as (

    select * from {{ ref('crm_segmentation', 'landed_mixpanel__profiles') }}

),

browsers as (

    select distinct
        source_system,
        anonymous_id

    from {{ ref('crm_segmentation', 'connected_mixpanel__acts') }}

    where anonymous_id is not null

),

profiles as (

    select
        landed_profiles.source_system,
        landed_profiles.distinct_id,
        landed_profiles.email,
        landed_profiles.phone,
        landed_profiles.first_name,
        landed_profiles.last_name,
        landed_profiles.city,
        landed_profiles.region,
        landed_profiles.country,
        landed_profiles.timezone,
        landed_profiles.profile_created_at,
        landed_profiles.last_seen_at,
        landed_profiles.loaded_at

    from landed_profiles

    left join browsers
        on landed_profiles.source_system = browsers.source_system and landed_profiles.distinct_id = browsers.anonymous_id

    where browsers.anonymous_id is null and substr(landed_profiles.distinct_id, 1, 8) != '$device:'

)

select * from profiles
