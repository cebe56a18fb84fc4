-- How many may each destination contact, and what holds the others back? A contact counts once: as eligible where it is so
-- in one of its segments, else by the first of its reasons in the alphabet.
{%- set reasons = [
    'erased', 'erasure_undecided', 'no_consent', 'withdrawn', 'bounced', 'complained', 'suppressed', 'frequency_cap', 'holdout',
    'no_identifier', 'lower_priority_segment'
] %}
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
        sum(case when outcome = 'eligible' then 1 else 0 end) as eligible{% for reason in reasons %},
        sum(case when outcome = '{{ reason }}' then 1 else 0 end) as {{ reason }}{% endfor %}

    from contact_outcomes

    group by destination

)

select * from outcome_counts
order by destination asc
