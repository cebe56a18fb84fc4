{{ config(enabled=is_connected('salesforce', 'raw_consents')) }}

with

-- Somebody's no does not end with the record that was deleted.
people as (

    select * from {{ ref('crm_segmentation', 'connected_salesforce__people') }}

),

-- A flag is a no without a date. That it is not set is no yes: it is not set for who was never asked, either.
undated_decisions as (

    select
        source_system,
        person_id,
        loaded_at,
        'email' as channel

    from people

    where has_opted_out_of_email

    union all

    select
        source_system,
        person_id,
        loaded_at,
        'phone' as channel

    from people

    where has_opted_out_of_calls

    union all

    select
        people.source_system,
        people.person_id,
        individuals.loaded_at,
        'all' as channel

    from people

    inner join {{ ref('crm_segmentation', 'landed_salesforce__individuals') }} as individuals
        on people.source_system = individuals.source_system and people.individual_id = individuals.individual_id

    where
        not coalesce(individuals.is_in_recycle_bin, false)
        and (individuals.has_opted_out_of_marketing or individuals.has_opted_out_of_processing)

),

decisions as (

    select
        source_system,
        person_id,
        loaded_at,
        channel,
        consent_status,
        occurred_at

    from {{ ref('crm_segmentation', 'connected_salesforce__dated_decisions') }}

    union all

    select
        source_system,
        person_id,
        loaded_at,
        channel,
        'withdrawn' as consent_status,
        cast(null as timestamp) as occurred_at

    from undated_decisions

),

consents as (

    select
        source_system,
        person_id as source_contact_id,
        channel,
        consent_status,
        occurred_at,
        loaded_at,
        'salesforce' as consent_source

    from decisions

    where source_system in ({{ instances_feeding('salesforce', 'raw_consents') }})

)

select * from consents
