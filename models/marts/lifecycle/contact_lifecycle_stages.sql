-- Guarantees a row for every contact, with both stages: who never did anything is a prospect in awareness.
with

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}

),

open_intervals as (

    select * from {{ ref('crm_segmentation', 'contact_lifecycle_history') }}
    where valid_to is null

),

funnel_steps as (

    select * from {{ ref('crm_segmentation', 'int_lifecycle__funnel_steps') }}

),

furthest_steps as (

    select
        contact_id,
        max(step_number) as step_number,
        {{ value_at_lowest('reached_on', '-step_number') }} as reached_on

    from funnel_steps

    group by contact_id

),

-- Being known at all is the first step of the funnel.
dated as (

    select
        contacts.contact_id,
        open_intervals.lifecycle_stage,
        open_intervals.valid_from as stage_entered_on,
        cast({{ days_ago('open_intervals.valid_from') }} as {{ dbt.type_int() }}) as days_in_stage,
        open_intervals.previous_stage,
        case furthest_steps.step_number
            when 4 then 'action'
            when 3 then 'desire'
            when 2 then 'interest'
            else 'awareness'
        end as funnel_stage,
        coalesce(furthest_steps.reached_on, cast(contacts.first_seen_at as date)) as funnel_stage_entered_on

    from contacts

    left join open_intervals on contacts.contact_id = open_intervals.contact_id

    left join furthest_steps on contacts.contact_id = furthest_steps.contact_id

),

stages as (

    select
        contact_id,
        lifecycle_stage,
        stage_entered_on,
        days_in_stage,
        previous_stage,
        funnel_stage,
        funnel_stage_entered_on,
        cast({{ days_ago('funnel_stage_entered_on') }} as {{ dbt.type_int() }}) as days_in_funnel_stage,
        funnel_stage != 'action' and {{ days_ago('funnel_stage_entered_on') }} > {{ var('funnel_cycle_days') }}
            as is_beyond_funnel_cycle,
        {{ as_of_date() }} as as_of_date

    from dated

)

select * from stages
