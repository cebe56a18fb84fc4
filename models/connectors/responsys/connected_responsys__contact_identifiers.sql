{{ config(enabled=is_connected('responsys', 'raw_contact_identifiers')) }}

with

-- A field that holds several keys is of nobody whom they could tell apart.
known_customers as (

    select
        source_system,
        riid,
        customer_id,
        created_at,
        loaded_at,
        {{ contact_system('responsys') }} as key_system

    from {{ ref('crm_segmentation', 'landed_responsys__profiles') }}

    where
        source_system in ({{ instances_feeding('responsys', 'raw_contact_identifiers') }})
        and customer_id is not null
        and customer_id not like '%|%'

),

-- The company's key is one of another system, whose record shows it as well.
identifiers as (

    select
        source_system,
        riid as person_id,
        key_system,
        customer_id,
        created_at,
        loaded_at

    from known_customers

    union all

    select
        key_system as source_system,
        customer_id as person_id,
        key_system,
        customer_id,
        created_at,
        loaded_at

    from known_customers

    where key_system != source_system

),

contact_identifiers as (

    select
        source_system,
        person_id as source_contact_id,
        'external_id' as identifier_type,
        {{ crm_id('key_system', 'customer_id') }} as identifier_value,
        min(created_at) as seen_at,
        max(loaded_at) as loaded_at

    from identifiers

    group by source_system, person_id, key_system, customer_id

)

select * from contact_identifiers
