{{ config(enabled=is_connected('braze', 'raw_contact_identifiers')) }}

-- Guarantees that who was merged away and who stayed show one key in common, by which identity makes one contact of them.
with

users as (
    {%- for relation in ['landed_braze__users', 'connected_braze__people_without_profile'] %}

    select
        source_system,
        user_id,
        external_id,
        created_at,
        loaded_at,
        {{ contact_system('braze') }} as key_system

    from {{ ref('crm_segmentation', relation) }}

    where source_system in ({{ instances_feeding('braze', 'raw_contact_identifiers') }}) and external_id is not null
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

orphans as (

    select * from {{ ref('crm_segmentation', 'landed_braze__orphans') }}
    where source_system in ({{ instances_feeding('braze', 'raw_contact_identifiers') }}) and user_id != survivor_id

),

-- Who was merged away shows its own key, which the survivor shows, too. The external key is one of another system, whose record
-- shows it as well.
identifiers as (
    {%- for holder in ['user_id', 'survivor_id as user_id'] %}

    select
        source_system,
        {{ holder }},
        occurred_at,
        loaded_at,
        'crm_id' as identifier_type,
        {{ crm_id('source_system', 'user_id') }} as identifier_value

    from orphans

    union all
    {%- endfor %}

    select
        source_system,
        user_id,
        created_at as occurred_at,
        loaded_at,
        'external_id' as identifier_type,
        {{ crm_id('key_system', 'external_id') }} as identifier_value

    from users

    union all

    select
        key_system as source_system,
        external_id as user_id,
        created_at as occurred_at,
        loaded_at,
        'external_id' as identifier_type,
        {{ crm_id('key_system', 'external_id') }} as identifier_value

    from users

    where key_system != source_system

),

contact_identifiers as (

    select
        source_system,
        user_id as source_contact_id,
        identifier_type,
        identifier_value,
        min(occurred_at) as seen_at,
        max(loaded_at) as loaded_at

    from identifiers

    group by source_system, user_id, identifier_type, identifier_value

)

select * from contact_identifiers
