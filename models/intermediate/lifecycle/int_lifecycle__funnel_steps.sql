with

milestones as (

    select * from {{ ref('crm_segmentation', 'int_lifecycle__milestones') }}

),

vocabulary as (

    select * from {{ ref('crm_segmentation', 'event_vocabulary') }}
    where funnel_stage is not null

),

customers as (

    select * from {{ ref('crm_segmentation', 'contact_purchase_summaries') }}

),

steps as (

    select
        milestones.contact_id,
        vocabulary.funnel_stage,
        cast(milestones.first_occurred_at as date) as reached_on

    from milestones

    inner join vocabulary on milestones.event_name = vocabulary.event_name

    union all

    select
        contact_id,
        'action' as funnel_stage,
        first_purchase_on as reached_on

    from customers

),

funnel_steps as (

    select
        contact_id,
        case funnel_stage when 'action' then 4 when 'desire' then 3 when 'interest' then 2 else 1 end as step_number,
        min(reached_on) as reached_on

    from steps

    group by
        contact_id,
        case funnel_stage when 'action' then 4 when 'desire' then 3 when 'interest' then 2 else 1 end

)

select * from funnel_steps
