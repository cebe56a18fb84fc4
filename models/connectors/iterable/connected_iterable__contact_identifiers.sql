{{ config(enabled=is_connected('iterable', 'raw_contact_identifiers')) }}

with

users as (

    select
        source_system,
        external_id,
        created_at,
        loaded_at,
        {{ address_as_key('user_key') }} as contact_key,
        {{ contact_system('iterable') }} as key_system

    from {{ ref('crm_segmentation', 'landed_iterable__users') }}

    where source_system in ({{ instances_feeding('iterable', 'raw_contact_identifiers') }}) and external_id is not null

),

-- The external key is one of another system, whose record shows it as well. Two addresses of one user show it both.
identifiers as (

    select
        source_system,
        contact_key,
        key_system,
        external_id,
        created_at,
        loaded_at

    from users

    union all

    select
        key_system as source_system,
        external_id as contact_key,
        key_system,
        external_id,
        created_at,
        loaded_at

    from users

    where key_system != source_system

),

contact_identifiers as (

    select
        source_system,
        contact_key as source_contact_id,
        'external_id' as identifier_type,
        {{ crm_id('key_system', 'external_id') }} as identifier_value,
        min(created_at) as seen_at,
        max(loaded_at) as loaded_at

    from identifiers

    group by source_system, contact_key, key_system, external_id

)

select * from contact_identifiers
