with

daily as (

    select * from {{ ref('crm_segmentation', 'int_activity__daily') }}
    where is_known_event_name

),

visitors as (

    select * from {{ ref('crm_segmentation', 'int_behaviour__visitors') }}

),

-- By visitor first: the join then meets a row for each event name, not for each day.
visitor_milestones as (

    select
        source_system,
        visitor_type,
        visitor_id,
        event_name,
        min(first_occurred_at) as first_occurred_at,
        max(last_occurred_at) as last_occurred_at

    from daily

    group by source_system, visitor_type, visitor_id, event_name

),

milestones as (

    select
        visitors.contact_id,
        visitor_milestones.event_name,
        min(visitor_milestones.first_occurred_at) as first_occurred_at,
        max(visitor_milestones.last_occurred_at) as last_occurred_at

    from visitor_milestones

    inner join visitors
        on
            {{ same_visitor('visitor_milestones') }}

    group by visitors.contact_id, visitor_milestones.event_name

)

select * from milestones
