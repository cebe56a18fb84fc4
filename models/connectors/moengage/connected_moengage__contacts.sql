{{ config(enabled=is_connected('moengage', 'raw_contacts')) }}

with

-- Where the company's key is that of another system, its people are that system's, and those without a key alone are MoEngage's.
ranked_acts as (

    select
        *,
        row_number() over (
            partition by source_system, person_key
            order by occurred_at desc, {{ by_code_point('event_id') }}
        ) as act_place

    from {{ ref('crm_segmentation', 'connected_moengage__acts') }}

    where
        source_system in ({{ instances_feeding('moengage', 'raw_contacts') }})
        and source_system = contact_system
        and person_key is not null

),

contacts as (

    select
        source_system,
        person_key as source_contact_id,
        min(occurred_at) as created_at,
        max(occurred_at) as updated_at,
        max(loaded_at) as loaded_at,
        {{ value_at_lowest('email', 'act_place') }} as email,
        {{ value_at_lowest('phone', 'act_place') }} as phone

    from ranked_acts

    group by source_system, person_key

)

select * from contacts
