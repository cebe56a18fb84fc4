{{ config(enabled=is_connected('mixpanel', 'raw_contact_identifiers')) }}

with

acts as (

    select * from {{ ref('crm_segmentation', 'connected_mixpanel__acts') }}

),

browsers as (

    select distinct
        source_system,
        anonymous_id

    from acts

    where anonymous_id is not null

),

-- A person may have a profile and no event. A browser has a profile, too.
profiles as (

    select
        profiles.source_system,
        profiles.distinct_id as user_id

    from {{ ref('crm_segmentation', 'landed_mixpanel__profiles') }} as profiles

    left join browsers
        on profiles.source_system = browsers.source_system and profiles.distinct_id = browsers.anonymous_id

    where browsers.anonymous_id is null and substr(profiles.distinct_id, 1, 8) != '$device:'

),

people as (

    select
        source_system,
        user_id

    from acts

    where user_id is not null

    union distinct

    select
        source_system,
        user_id

    from profiles

)

select * from people
