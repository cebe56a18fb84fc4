{{ config(enabled=is_connected('clevertap', 'raw_orders')) }}

with

charges as (

    select * from {{ ref('crm_segmentation', 'connected_clevertap__charges') }}
    where source_system in ({{ instances_feeding('clevertap', 'raw_orders') }})

),

orders as (

    select
        contact_system as source_system,
        order_id as source_order_id,
        person_key as source_contact_id,
        email,
        phone,
        occurred_at as ordered_at,
        amount as order_total,
        currency,
        loaded_at,
        'paid' as order_status,
        cast(0 as numeric(18, 4)) as refund_total

    from charges

)

select * from orders
