{{ config(enabled=is_connected('segment', 'raw_contact_identifiers')) }}

with

aliases as (

    select * from {{ ref('crm_segmentation', 'landed_segment__aliases') }}
    where user_id != previous_id

),

people as (

    select distinct
        source_system,
        user_id

    from {{ ref('crm_segmentation', 'landed_segment__identifies') }}

    where user_id is not null

),

-- What an alias replaces is the key of a person where somebody was identified by it, else a browser.
replaced_keys as (

    select
        aliases.source_system,
        aliases.user_id,
        aliases.previous_id,
        aliases.loaded_at,
        {{ tracked_at('aliases.occurred_at', 'aliases.received_at') }} as replaced_at,
        people.user_id is not null as was_person

    from aliases

    left join people on aliases.source_system = people.source_system and aliases.previous_id = people.user_id

)

select * from replaced_keys
