{{ config(enabled=is_connected('amplitude', 'raw_contact_identifiers')) }}

with

known_events as (

    select * from {{ ref('crm_segmentation', 'landed_amplitude__events') }}
    where user_id is not null

),

known_ids as (

    select distinct
        source_system,
        amplitude_id,
        user_id

    from known_events

),

merged_people as (

    select * from {{ ref('crm_segmentation', 'landed_amplitude__merges') }}

),

-- Both people of a merge show the key of the one who stays, so that identity makes one of them.
shown_ids as (

    select
        source_system,
        user_id,
        device_id as shown_id,
        loaded_at,
        'anonymous_id' as identifier_type,
        {{ tracked_at('occurred_at', 'received_at') }} as shown_at

    from known_events

    where device_id is not null
    {%- for side in ['amplitude_id', 'merged_id'] %}

    union all

    select
        merged_people.source_system,
        known_ids.user_id,
        merged_people.merged_id as shown_id,
        merged_people.loaded_at,
        'crm_id' as identifier_type,
        merged_people.merged_at as shown_at

    from merged_people

    inner join known_ids
        on merged_people.source_system = known_ids.source_system and merged_people.{{ side }} = known_ids.amplitude_id
    {%- endfor %}

),

contact_identifiers as (

    select
        {{ contact_system('amplitude') }} as source_system,
        user_id as source_contact_id,
        identifier_type,
        case
            when identifier_type = 'crm_id' then {{ crm_id('source_system', 'shown_id') }}
            else shown_id
        end as identifier_value,
        max(shown_at) as seen_at,
        max(loaded_at) as loaded_at

    from shown_ids

    where source_system in ({{ instances_feeding('amplitude', 'raw_contact_identifiers') }})

    group by source_system, user_id, identifier_type, shown_id

)

select * from contact_identifiers
