{{ config(enabled=is_connected('braze', 'raw_contacts')) }}

-- Guarantees that a deleted profile stays, as deleted, or its messages and decisions would be nobody's.
with

deletions as (

    select
        source_system,
        user_id,
        min(occurred_at) as deleted_at

    from {{ ref('crm_segmentation', 'landed_braze__deletions') }}

    group by source_system, user_id

),

people as (

    select
        source_system,
        user_id,
        email,
        phone,
        created_at,
        updated_at,
        loaded_at,
        first_name,
        last_name,
        birth_date,
        gender,
        city,
        country,
        language,
        timezone

    from {{ ref('crm_segmentation', 'landed_braze__users') }}

    union all

    select
        source_system,
        user_id,
        email,
        phone,
        created_at,
        cast(null as timestamp) as updated_at,
        loaded_at,
        cast(null as {{ dbt.type_string() }}) as first_name,
        cast(null as {{ dbt.type_string() }}) as last_name,
        cast(null as {{ dbt.type_string() }}) as birth_date,
        cast(null as {{ dbt.type_string() }}) as gender,
        cast(null as {{ dbt.type_string() }}) as city,
        cast(null as {{ dbt.type_string() }}) as country,
        cast(null as {{ dbt.type_string() }}) as language, -- noqa: RF04
        cast(null as {{ dbt.type_string() }}) as timezone

    from {{ ref('crm_segmentation', 'connected_braze__people_without_profile') }}

),

contacts as (

    select
        people.source_system,
        people.user_id as source_contact_id,
        people.email,
        people.phone,
        people.created_at,
        people.updated_at,
        people.loaded_at,
        deletions.deleted_at,
        people.first_name,
        people.last_name,
        people.birth_date,
        people.gender,
        people.city,
        people.country,
        people.language,
        people.timezone

    from people

    left join deletions on people.source_system = deletions.source_system and people.user_id = deletions.user_id

    where people.source_system in ({{ instances_feeding('braze', 'raw_contacts') }})

)

select * from contacts
