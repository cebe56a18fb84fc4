{{ config(enabled=is_connected('stripe', 'raw_events')) }}

with

-- One whose first payment never came has not begun.
subscriptions as (

    select * from {{ ref('crm_segmentation', 'landed_stripe__subscriptions') }}
    where
        source_system in ({{ instances_feeding('stripe', 'raw_events') }})
        and coalesce(is_live, true)
        and coalesce(lower(status), 'active') not in ('incomplete', 'incomplete_expired')

),

moments as (

    select
        source_system,
        subscription_id,
        customer_id,
        loaded_at,
        started_at as occurred_at,
        'subscription_started' as event_name

    from subscriptions

    union all

    select
        source_system,
        subscription_id,
        customer_id,
        loaded_at,
        cancelled_at as occurred_at,
        'subscription_cancelled' as event_name

    from subscriptions

    where cancelled_at is not null

),

events as (

    select
        source_system,
        customer_id as source_contact_id,
        event_name,
        occurred_at,
        loaded_at,
        'web' as channel,
        {{ dbt.concat(['event_name', "'-'", 'subscription_id']) }} as event_id

    from moments

)

select * from events
