{{ config(enabled=is_connected('clevertap', 'raw_contact_identifiers')) }}

with

-- A device belongs to whoever was logged in on it, which the profile says, and each event.
shown_devices as (
    {%- for relation, seen_at in [('people', 'coalesce(last_seen_at, first_seen_at)'), ('acts', 'occurred_at')] %}

    select
        source_system,
        contact_system,
        person_key,
        object_id,
        {{ seen_at }} as seen_at,
        loaded_at

    from {{ ref('crm_segmentation', 'connected_clevertap__' ~ relation) }}

    where person_key is not null and object_id is not null
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

contact_identifiers as (

    select
        contact_system as source_system,
        person_key as source_contact_id,
        'anonymous_id' as identifier_type,
        object_id as identifier_value,
        max(seen_at) as seen_at,
        max(loaded_at) as loaded_at

    from shown_devices

    where source_system in ({{ instances_feeding('clevertap', 'raw_contact_identifiers') }})

    group by contact_system, person_key, object_id

)

select * from contact_identifiers
