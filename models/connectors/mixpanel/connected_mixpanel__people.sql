{{ config(enabled=is_connected('mixpanel', 'raw_contact_identifiers')) }}

with

-- A person may have a profile and no event.
people as (

    select
        source_system,
        user_id

    from {{ ref('crm_segmentation', 'connected_mixpanel__acts') }}

    where user_id is not null

    union distinct

    select
        source_system,
        distinct_id as user_id

    from {{ ref('crm_segmentation', 'connected_mixpanel__profiles') }}

)

select * from people
