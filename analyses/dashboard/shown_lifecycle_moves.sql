-- How many customers were won, won back or lost in each month?
with

months as (

    select distinct
        month_end,
        cast({{ dbt.date_trunc('month', 'month_end') }} as date) as month_start

    from {{ ref('crm_segmentation', 'contact_rfm_history') }}

),

moves as (

    select
        history.contact_id,
        history.valid_from,
        case
            when history.previous_stage = 'prospect' then 'First purchase'
            when history.lifecycle_stage = 'reactivated' then 'Came back'
            when history.lifecycle_stage = 'lapsed' then 'Lapsed'
            when history.lifecycle_stage = 'churned' then 'Churned'
        end as movement

    from {{ ref('crm_segmentation', 'contact_lifecycle_history') }} as history

    inner join {{ ref('crm_segmentation', 'contact_traits') }} as traits
        on history.contact_id = traits.contact_id

    where history.previous_stage is not null and not traits.is_erased

)

select
    months.month_start,
    moves.movement,
    case when moves.movement in ('First purchase', 'Came back') then 'won' else 'lost' end as direction,
    count(distinct moves.contact_id) as contact_count
from months
inner join moves
    on
        months.month_start <= moves.valid_from
        and months.month_end >= moves.valid_from
where moves.movement is not null
group by months.month_start, moves.movement
order by months.month_start asc, moves.movement asc
