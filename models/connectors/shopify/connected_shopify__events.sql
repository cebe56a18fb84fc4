{{ config(enabled=is_connected('shopify', 'raw_events')) }}

with

abandoned_checkouts as (

    select * from {{ ref('crm_segmentation', 'landed_shopify__abandoned_checkouts') }}
    where source_system in ({{ instances_feeding('shopify', 'raw_events') }})

),

events as (

    select
        source_system,
        {{ dbt.concat(["'checkout-'", 'checkout_id']) }} as event_id,
        customer_id as source_contact_id,
        'checkout_started' as event_name,
        created_at as occurred_at,
        'web' as channel,
        total_price as event_value,
        loaded_at

    from abandoned_checkouts

)

select * from events
