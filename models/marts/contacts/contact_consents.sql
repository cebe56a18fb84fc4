with

consents as (

    select * from {{ ref('stg_people__consents') }}

),

known_records as (

    select * from {{ ref('int_contacts__known_records') }}

),

-- The newest decision wins; of two at the same moment, the one that forbids.
ranked as (

    select
        known_records.contact_id,
        consents.channel,
        consents.consent_status,
        consents.occurred_at,
        consents.consent_source,
        row_number() over (
            partition by known_records.contact_id, consents.channel
            order by
                consents.occurred_at desc,
                case when consents.consent_status = 'withdrawn' then 0 else 1 end asc,
                consents.record_id asc,
                {{ by_code_point('consents.consent_source') }} asc nulls last
        ) as decision_rank

    from consents

    inner join known_records on consents.record_id = known_records.record_id

),

contact_consents as (

    select
        contact_id,
        channel,
        consent_status,
        occurred_at as decided_at,
        consent_source,
        consent_status = 'granted' as is_granted

    from ranked

    where decision_rank = 1

)

select * from contact_consents
