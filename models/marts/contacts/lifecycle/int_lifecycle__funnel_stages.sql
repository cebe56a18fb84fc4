with

daily as (

    select * from {{ ref('int_activity__daily') }}

),

vocabulary as (

    select * from {{ ref('event_vocabulary') }}
    where funnel_stage is not null

),

visitors as (

    select * from {{ ref('int_contacts__visitors') }}

),

customers as (

    select * from {{ ref('contact_purchase_summaries') }}

),

visitor_steps as (

    select distinct
        daily.source_system,
        daily.visitor_type,
        daily.visitor_id,
        vocabulary.funnel_stage

    from daily

    inner join vocabulary on daily.event_name = vocabulary.event_name

),

steps as (

    select
        visitors.contact_id,
        visitor_steps.funnel_stage

    from visitor_steps

    inner join visitors
        on
            visitor_steps.source_system = visitors.source_system
            and visitor_steps.visitor_type = visitors.visitor_type
            and visitor_steps.visitor_id = visitors.visitor_id

    union distinct

    select
        contact_id,
        'action' as funnel_stage

    from customers

),

furthest as (

    select
        contact_id,
        max(case funnel_stage when 'action' then 4 when 'desire' then 3 when 'interest' then 2 else 1 end) as furthest_step

    from steps

    group by contact_id

)

select * from furthest
