{{ config(enabled=is_connected('clevertap', 'raw_contacts')) }}

with

-- Where the company's key is that of another system, its people are that system's, and those without a key alone are CleverTap's.
shown_traits as (

    select
        source_system,
        person_key,
        email,
        phone,
        birth_date,
        gender,
        city,
        country,
        timezone,
        first_seen_at,
        coalesce(last_seen_at, first_seen_at) as shown_at,
        loaded_at,
        object_id,
        contact_system

    from {{ ref('crm_segmentation', 'connected_clevertap__people') }}

    union all

    select
        source_system,
        person_key,
        email,
        phone,
        cast(null as {{ dbt.type_string() }}) as birth_date,
        cast(null as {{ dbt.type_string() }}) as gender,
        cast(null as {{ dbt.type_string() }}) as city,
        cast(null as {{ dbt.type_string() }}) as country,
        cast(null as {{ dbt.type_string() }}) as timezone,
        occurred_at as first_seen_at,
        occurred_at as shown_at,
        loaded_at,
        event_id as object_id,
        contact_system

    from {{ ref('crm_segmentation', 'connected_clevertap__acts') }}

),

ranked_traits as (

    select
        *,
        row_number() over (
            partition by source_system, person_key
            order by shown_at desc nulls last, {{ by_code_point("coalesce(object_id, '')") }}
        ) as trait_rank

    from shown_traits

    where
        source_system in ({{ instances_feeding('clevertap', 'raw_contacts') }})
        and source_system = contact_system
        and person_key is not null

),

-- An export of profiles need not have the day on which a person was first seen: it says how things are on the day on which it is read.
contacts as (

    select
        source_system,
        person_key as source_contact_id,
        {%- for trait in ['email', 'phone', 'birth_date', 'gender', 'city', 'country', 'timezone'] %}
        {{ value_at_lowest(trait, 'trait_rank') }} as {{ trait }},
        {%- endfor %}
        coalesce(min(first_seen_at), min(shown_at), max(loaded_at), cast({{ as_of_date() }} as timestamp)) as created_at,
        max(shown_at) as updated_at,
        max(loaded_at) as loaded_at

    from ranked_traits

    group by source_system, person_key

)

select * from contacts
