-- Guarantees one decision for each contact and channel, the newest. A no without a readable date counts from the day
-- on which it was first seen, so that no older yes outlives it.
with

consents as (

    select * from {{ ref('crm_segmentation', 'stg_people__consents') }}
    where is_known_channel

),

known_records as (

    select * from {{ ref('crm_segmentation', 'int_contacts__known_records') }}

),

undated_noes as (

    select * from {{ ref('crm_segmentation', 'int_contacts__undated_noes') }}

),

channels as (

    select * from {{ ref('crm_segmentation', 'base_people__channels') }}

),

decisions as (

    select
        known_records.contact_id,
        consents.record_id,
        consents.channel,
        consents.consent_status,
        consents.occurred_at,
        consents.consent_source,
        {{ counts_from('consents.occurred_at', 'undated_noes.known_on') }} as counts_from

    from consents

    inner join known_records on consents.record_id = known_records.record_id

    left join undated_noes on consents.record_id = undated_noes.voice_id and consents.channel = undated_noes.channel

),

by_channel as (

    {{ each_channel('decisions', ['contact_id', 'record_id', 'consent_status', 'occurred_at', 'consent_source', 'counts_from']) }}

),

-- The newest decision wins; of two at the same moment, the one that forbids.
ranked as (

    select
        *,
        row_number() over (
            partition by contact_id, channel
            order by
                counts_from desc,
                case consent_status when 'withdrawn' then 0 when 'undecided' then 1 else 2 end asc,
                record_id asc,
                {{ by_code_point('consent_source') }} asc nulls last
        ) as decision_rank

    from by_channel

),

contact_consents as (

    select
        contact_id,
        channel,
        consent_status,
        occurred_at as decided_at,
        counts_from,
        consent_source,
        consent_status = 'granted' as is_granted

    from ranked

    where decision_rank = 1

)

select * from contact_consents
