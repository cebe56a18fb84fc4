with

events as (

    select * from {{ ref('stg_activity__events') }}

),

vocabulary as (

    select * from {{ ref('event_vocabulary') }}
    where funnel_stage is not null

),

contact_records as (

    select * from {{ ref('contact_records') }}

),

customers as (

    select * from {{ ref('contact_purchase_summaries') }}

),

steps as (

    select distinct
        contact_records.contact_id,
        vocabulary.funnel_stage

    from events

    inner join vocabulary on events.event_name = vocabulary.event_name

    inner join contact_records
        on
            events.source_system = contact_records.source_system
            and events.source_contact_id = contact_records.source_contact_id

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
