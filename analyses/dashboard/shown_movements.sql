-- Who came and who went since the day before that was measured, and was it people or a rule that changed?
with

first_day as (

    select min(as_of_date) as as_of_date
    from {{ ref('crm_segmentation', 'segment_profiles') }}

),

movements as (

    select
        movements.as_of_date,
        movements.segment_name,
        movements.contact_id,
        case
            when movements.movement = 'entered' and movements.movement_cause = 'contact' then 'Came by themselves'
            when movements.movement = 'entered' then 'Came by a rule'
            when movements.movement_cause = 'contact' then 'Left by themselves'
            else 'Left by a rule'
        end as movement

    from {{ ref('crm_segmentation', 'segment_movements') }} as movements

    cross join first_day

    -- On the first day that was measured, everybody enters.
    where movements.as_of_date > first_day.as_of_date

)

select
    movements.as_of_date,
    movements.movement,
    definitions.model,
    coalesce(definitions.label, {{ crm_segmentation.in_words('movements.segment_name') }}) as segment,
    count(distinct movements.contact_id) as contact_count
from movements
left join {{ ref('crm_segmentation', 'segment_definitions') }} as definitions
    on movements.segment_name = definitions.segment_name
group by
    movements.as_of_date,
    definitions.model,
    coalesce(definitions.label, {{ crm_segmentation.in_words('movements.segment_name') }}),
    movements.movement
order by movements.as_of_date asc, segment asc, movements.movement asc
