with

contacts as (

    select * from {{ ref('contacts') }}

),

open_intervals as (

    select * from {{ ref('contact_lifecycle_history') }}
    where valid_to is null

),

funnel_stages as (

    select * from {{ ref('int_lifecycle__funnel_stages') }}

),

-- Being known at all is the first step of the funnel.
stages as (

    select
        contacts.contact_id,
        open_intervals.lifecycle_stage,
        open_intervals.valid_from as stage_entered_on,
        cast({{ days_ago('open_intervals.valid_from') }} as {{ dbt.type_int() }}) as days_in_stage,
        open_intervals.previous_stage,
        case funnel_stages.furthest_step
            when 4 then 'action'
            when 3 then 'desire'
            when 2 then 'interest'
            else 'awareness'
        end as funnel_stage

    from contacts

    left join open_intervals on contacts.contact_id = open_intervals.contact_id

    left join funnel_stages on contacts.contact_id = funnel_stages.contact_id

)

select * from stages
