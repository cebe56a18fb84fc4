{{ config(enabled=is_connected('dmp', 'raw_contact_attributes')) }}

with

-- The key of a line of traits tells by its shape what it is.
keyed_attributes as (

    select
        source_system,
        email_sha256,
        email,
        contact_id,
        attribute_name,
        attribute_value,
        observed_at,
        loaded_at

    from {{ ref('crm_segmentation', 'landed_dmp__attributes') }}

    union all

    select
        source_system,
        {{ sha256_digits('person_key') }} as email_sha256,
        case when person_key like '%@%' then person_key end as email,
        case when {{ sha256_digits('person_key') }} is null and person_key not like '%@%' then person_key end as contact_id,
        attribute_name,
        attribute_value,
        observed_at,
        loaded_at

    from {{ ref('crm_segmentation', 'connected_dmp__trait_lists') }}

),

-- A file without a date says how things are on the day on which it is read.
contact_attributes as (

    select
        source_system as provider, -- noqa: RF04
        {{ party_of('dmp') }} as party,
        email,
        email_sha256,
        case when contact_id is not null then {{ contact_system('dmp') }} end as source_system,
        contact_id as source_contact_id,
        attribute_name,
        attribute_value,
        loaded_at,
        coalesce(observed_at, loaded_at, cast({{ as_of_date() }} as timestamp)) as observed_at

    from keyed_attributes

    where source_system in ({{ instances_feeding('dmp', 'raw_contact_attributes') }})

)

select * from contact_attributes
