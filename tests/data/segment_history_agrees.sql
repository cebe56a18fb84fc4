-- What is open in the history is what is true today, and the intervals of a member do not overlap.
with

history as (

    select * from {{ ref('crm_segmentation', 'segment_membership_history') }}

),

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

intervals as (

    select
        segment_name,
        contact_id,
        entered_on,
        exited_on,
        lead(entered_on) over (partition by segment_name, contact_id order by entered_on asc) as next_entered_on

    from history

),

violations as (

    select
        'in the segment twice at one time' as problem,
        segment_name,
        contact_id

    from intervals

    where coalesce(exited_on, cast('9999-12-31' as date)) > next_entered_on

    union all

    select
        'open in the history, but no member today' as problem,
        history.segment_name,
        history.contact_id

    from history

    left join memberships
        on history.segment_name = memberships.segment_name and history.contact_id = memberships.contact_id

    where history.exited_on is null and memberships.contact_id is null

    union all

    select
        'a member today, but not open in the history' as problem,
        memberships.segment_name,
        memberships.contact_id

    from memberships

    left join history
        on
            memberships.segment_name = history.segment_name
            and memberships.contact_id = history.contact_id
            and history.exited_on is null

    where history.contact_id is null

)

select * from violations
