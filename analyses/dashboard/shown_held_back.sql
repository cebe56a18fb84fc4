-- How many may each destination contact, and what holds the others back? A contact counts once: as eligible where it is so
-- in one of its segments, else by the first of its reasons in the alphabet.
with

contact_outcomes as (

    select
        destination,
        contact_id,
        case when max(case when is_eligible then 1 else 0 end) = 1 then 'may be contacted' else min(held_back_reason) end as outcome

    from {{ ref('crm_segmentation', 'audience_members') }}

    group by destination, contact_id

)

select
    contact_outcomes.outcome as outcome_code,
    coalesce(destination_labels.label, contact_outcomes.destination) as destination,
    case when contact_outcomes.outcome = 'may be contacted' then 0 else 1 end as outcome_order,
    coalesce(reason_labels.label, {{ crm_segmentation.in_words('contact_outcomes.outcome') }}) as outcome,
    count(*) as contact_count
from contact_outcomes
left join {{ ref('crm_segmentation', 'code_labels') }} as destination_labels
    on destination_labels.code_kind = 'destination' and contact_outcomes.destination = destination_labels.code
left join {{ ref('crm_segmentation', 'code_labels') }} as reason_labels
    on reason_labels.code_kind = 'held_back_reason' and contact_outcomes.outcome = reason_labels.code
group by contact_outcomes.destination, contact_outcomes.outcome, destination_labels.label, reason_labels.label
order by destination asc, outcome_order asc, outcome asc
