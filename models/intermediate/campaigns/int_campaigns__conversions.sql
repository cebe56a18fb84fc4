{{ config(enabled=has_feature('campaigns')) }}

with

campaigns as (

    select * from {{ ref('crm_segmentation', 'campaigns') }}

),

events as (

    select * from {{ ref('crm_segmentation', 'int_campaigns__events') }}

),

purchases as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where is_purchase and contact_id is not null

),

goal_events as (

    select distinct goal_event_name

    from campaigns

    where goal_event_name != 'purchase'

),

conversions as (

    select
        order_id as conversion_id,
        contact_id,
        'purchase' as event_name,
        ordered_at as converted_at,
        net_amount

    from purchases

    union all

    select
        {{ hashed_key(['events.source_system', 'events.event_id']) }} as conversion_id,
        events.contact_id,
        events.event_name,
        events.occurred_at as converted_at,
        cast(0 as numeric(18, 2)) as net_amount

    from events

    inner join goal_events on events.event_name = goal_events.goal_event_name

)

select * from conversions
