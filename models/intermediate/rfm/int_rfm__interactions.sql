with

purchases as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where is_purchase and contact_id is not null

),

visits as (

    select * from {{ ref('crm_segmentation', 'sessions') }}
    where contact_id is not null

),

interactions as (

    select
        order_id as interaction_id,
        contact_id,
        ordered_on as happened_on,
        net_amount

    from purchases

    where '{{ var("rfm_activity") }}' = 'purchases'

    union all

    select
        session_id as interaction_id,
        contact_id,
        started_on as happened_on,
        cast(0 as numeric(18, 2)) as net_amount

    from visits

    where '{{ var("rfm_activity") }}' = 'visits'

)

select * from interactions
