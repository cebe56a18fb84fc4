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

contacts as (

    {{ tracked_contacts('ranked_events', traits, 'user_created_at') }}

)

select * from contacts
