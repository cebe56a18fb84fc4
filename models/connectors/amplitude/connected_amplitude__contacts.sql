{{ config(enabled=is_connected('amplitude', 'raw_contacts')) }}

{%- set traits = ['email', 'phone', 'first_name', 'last_name', 'language', 'country', 'region', 'city'] %}

with

-- Where the company names people by the keys of another system, they are that system's contacts.
ranked_events as (

    select
        *,
        {{ tracked_at('occurred_at', 'received_at') }} as shown_at,
        row_number() over (
            partition by source_system, user_id
            order by occurred_at desc, {{ by_code_point("coalesce(uuid, insert_id, '')") }} desc
        ) as trait_rank

    from {{ ref('crm_segmentation', 'landed_amplitude__events') }}

    where
        source_system in ({{ instances_feeding('amplitude', 'raw_contacts') }})
        and source_system = {{ contact_system('amplitude') }}
        and user_id is not null

),

people as (

    select
        source_system,
        user_id,
        {%- for trait in traits %}
        {{ value_at_lowest(trait, 'trait_rank') }} as {{ trait }},
        {%- endfor %}
        min(user_created_at) as user_created_at,
        min(shown_at) as first_shown_at,
        max(shown_at) as updated_at,
        max(loaded_at) as loaded_at

    from ranked_events

    group by source_system, user_id

),

contacts as (

    select
        source_system,
        user_id as source_contact_id,
        {%- for trait in traits if trait != 'email' %}
        {{ trait }},
        {%- endfor %}
        updated_at,
        loaded_at,
        coalesce(email, {{ email_address('user_id') }}) as email,
        {{ least_of(['user_created_at', 'first_shown_at']) }} as created_at

    from people

)

select * from contacts
