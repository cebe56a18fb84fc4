-- How many may each destination contact, and what holds the others back? A contact counts once: as eligible where it is so
-- in one of its segments, else by the first of its reasons in the alphabet.
with

members as (

    select * from {{ ref('audience_members') }}

),

contact_outcomes as (

    select
        destination,
        contact_id,
        case when max(case when is_eligible then 1 else 0 end) = 1 then 'eligible' else min(held_back_reason) end as outcome

    from members

    group by destination, contact_id

),

outcome_counts as (

    select
        destination,
        outcome,
        count(*) as contact_count

    from contact_outcomes

    group by destination, outcome

)

select * from outcome_counts
order by destination asc, case when outcome = 'eligible' then 0 else 1 end asc, contact_count desc, outcome asc
