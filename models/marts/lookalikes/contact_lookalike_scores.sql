{{ config(enabled=has_feature('lookalikes')) }}

-- Guarantees a score for every contact that is not erased, also for one of whom nothing is known: it gets the odds of
-- the whole segment. A percentile of 0 is the least alike.
with

evidence as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__contact_evidence') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contact_traits') }}
    where not is_erased

),

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

-- Segments with members and others; of another nothing can be learnt.
prior_odds as (

    select
        segment_name,
        cast(ln(max(all_members) / (max(all_contacts) - max(all_members))) as numeric(18, 6)) as prior_log_odds

    from {{ ref('crm_segmentation', 'int_lookalikes__bin_weights') }}

    group by segment_name

),

scores as (

    select
        prior_odds.segment_name,
        contacts.contact_id,
        prior_odds.prior_log_odds + coalesce(evidence.evidence_sum, 0) as score_sum,
        memberships.contact_id is not null as is_member

    from prior_odds

    cross join contacts

    left join evidence
        on prior_odds.segment_name = evidence.segment_name and contacts.contact_id = evidence.contact_id

    left join memberships
        on prior_odds.segment_name = memberships.segment_name and contacts.contact_id = memberships.contact_id

),

ranked as (

    select
        *,
        rank() over (partition by segment_name order by score_sum asc) as score_rank,
        count(*) over (partition by segment_name) as contact_count

    from scores

),

lookalike_scores as (

    select
        cast(segment_name as {{ dbt.type_string() }}) as segment_name,
        contact_id,
        {{ as_of_date() }} as as_of_date,
        is_member,
        cast(score_sum as numeric(18, 6)) as lookalike_score,
        coalesce({{ rounded_ratio('score_rank - 1', 'nullif(contact_count - 1, 0)', scale=4, is_count=true) }}, 0) as score_percentile

    from ranked

)

select * from lookalike_scores
