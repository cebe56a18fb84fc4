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
    replace(destination, '_', ' ') as destination,
    case when outcome = 'may be contacted' then 0 else 1 end as outcome_order,
    replace(outcome, '_', ' ') as outcome,
    count(*) as contact_count
from contact_outcomes
group by destination, outcome
order by destination asc, outcome_order asc, outcome asc
