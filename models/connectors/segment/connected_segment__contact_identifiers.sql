{{ config(enabled=is_connected('segment', 'raw_contact_identifiers')) }}

-- A person with a former key shows it, and so does the person under that key, so that identity joins the two.
with

replaced_keys as (

    select * from {{ ref('crm_segmentation', 'connected_segment__replaced_keys') }}

),

shown_keys as (

    select
        source_system,
        user_id,
        anonymous_id as shown_id,
        loaded_at,
        'anonymous_id' as identifier_type,
        {{ tracked_at('occurred_at', 'received_at') }} as shown_at

    from {{ ref('crm_segmentation', 'landed_segment__identifies') }}

    where user_id is not null and anonymous_id is not null

    union all

    select
        source_system,
        user_id,
        previous_id as shown_id,
        loaded_at,
        case when was_person then 'crm_id' else 'anonymous_id' end as identifier_type,
        replaced_at as shown_at

    from replaced_keys

    union all

    select
        source_system,
        previous_id as user_id,
        previous_id as shown_id,
        loaded_at,
        'crm_id' as identifier_type,
        replaced_at as shown_at

    from replaced_keys

    where was_person

),

contact_identifiers as (

    select
        {{ contact_system('segment') }} as source_system,
        user_id as source_contact_id,
        identifier_type,
        case
            when identifier_type = 'crm_id' then {{ crm_id('source_system', 'shown_id') }}
            else shown_id
        end as identifier_value,
        max(shown_at) as seen_at,
        max(loaded_at) as loaded_at

    from shown_keys

    where source_system in ({{ instances_feeding('segment', 'raw_contact_identifiers') }})

    group by source_system, user_id, identifier_type, shown_id

)

select * from contact_identifiers
