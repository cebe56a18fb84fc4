-- How many may each destination contact, and what holds the others back? A contact counts once: as eligible where it is so
-- in one of its segments, else by the first of its reasons in the alphabet.
with

outcome_counts as (

    {{ outcomes_by_destination(ref('crm_segmentation', 'audience_members')) }}

)

select * from outcome_counts
order by destination asc
