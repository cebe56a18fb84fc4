{{ config(enabled=is_connected('mixpanel', 'raw_contact_identifiers')) }}

-- Guarantees that two keys are joined as people only where both are people: a browser that many used makes nobody one.
with

acts as (

    select * from {{ ref('crm_segmentation', 'connected_mixpanel__acts') }}

),

people as (

    select * from {{ ref('crm_segmentation', 'connected_mixpanel__people') }}

),

merged_ids as (

    select
        merged_ids.*,
        one_person.user_id is not null as one_is_person,
        other_person.user_id is not null as other_is_person

    from {{ ref('crm_segmentation', 'connected_mixpanel__merged_ids') }} as merged_ids

    left join people as one_person
        on merged_ids.source_system = one_person.source_system and merged_ids.one_id = one_person.user_id

    left join people as other_person
        on merged_ids.source_system = other_person.source_system and merged_ids.other_id = other_person.user_id

    where merged_ids.one_id != merged_ids.other_id

),

-- Two keys of people show one in common; a key and a browser are a person and what he or she uses.
shown_ids as (

    select
        source_system,
        user_id,
        anonymous_id as shown_id,
        occurred_at as seen_at,
        loaded_at,
        'anonymous_id' as identifier_type

    from acts

    where user_id is not null and anonymous_id is not null
    {%- for user, shown, condition in [
        ('one_id', 'other_id', 'one_is_person and other_is_person'), ('other_id', 'other_id', 'one_is_person and other_is_person'),
        ('one_id', 'other_id', 'one_is_person and not other_is_person'), ('other_id', 'one_id', 'other_is_person and not one_is_person'),
    ] %}

    union all

    select
        source_system,
        {{ user }} as user_id,
        {{ shown }} as shown_id,
        seen_at,
        loaded_at,
        '{{ 'crm_id' if loop.index <= 2 else 'anonymous_id' }}' as identifier_type

    from merged_ids

    where {{ condition }}
    {%- endfor %}

),

contact_identifiers as (

    select
        {{ contact_system('mixpanel') }} as source_system,
        user_id as source_contact_id,
        identifier_type,
        case
            when identifier_type = 'crm_id' then {{ crm_id('source_system', 'shown_id') }}
            when substr(shown_id, 1, 8) = '$device:' then substr(shown_id, 9)
            else shown_id
        end as identifier_value,
        max(seen_at) as seen_at,
        max(loaded_at) as loaded_at

    from shown_ids

    where source_system in ({{ instances_feeding('mixpanel', 'raw_contact_identifiers') }})

    group by source_system, user_id, identifier_type, shown_id

)

select * from contact_identifiers
