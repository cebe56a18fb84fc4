{{ config(enabled=is_connected('onesignal', 'raw_contact_identifiers')) }}

with

subscriptions as (

    select
        *,
        {{ contact_system('onesignal') }} as key_system

    from {{ ref('crm_segmentation', 'landed_onesignal__subscriptions') }}

    where source_system in ({{ instances_feeding('onesignal', 'raw_contact_identifiers') }})

),

-- The external key is one of another system, whose record shows it as well.
identifiers as (

    select
        source_system,
        external_id as person_key,
        created_at,
        loaded_at,
        'external_id' as identifier_type,
        {{ crm_id('key_system', 'external_id') }} as identifier_value

    from subscriptions

    where external_id is not null

    union all

    select
        key_system as source_system,
        external_id as person_key,
        created_at,
        loaded_at,
        'external_id' as identifier_type,
        {{ crm_id('key_system', 'external_id') }} as identifier_value

    from subscriptions

    where external_id is not null and key_system != source_system

    union all

    select
        source_system,
        coalesce(external_id, subscription_id) as person_key,
        created_at,
        loaded_at,
        'device_id' as identifier_type,
        subscription_id as identifier_value

    from subscriptions

    where device_type not in (11, 14)

),

contact_identifiers as (

    select
        source_system,
        person_key as source_contact_id,
        identifier_type,
        identifier_value,
        min(created_at) as seen_at,
        max(loaded_at) as loaded_at

    from identifiers

    group by source_system, person_key, identifier_type, identifier_value

)

select * from contact_identifiers
