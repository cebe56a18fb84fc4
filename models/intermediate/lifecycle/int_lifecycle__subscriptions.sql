with

milestones as (

    select * from {{ ref('crm_segmentation', 'int_lifecycle__milestones') }}
    where event_name in ('subscription_started', 'subscription_cancelled')

),

dates as (

    select
        contact_id,
        min(case when event_name = 'subscription_started' then first_occurred_at end) as first_started_at,
        max(case when event_name = 'subscription_started' then last_occurred_at end) as last_started_at,
        max(case when event_name = 'subscription_cancelled' then last_occurred_at end) as last_cancelled_at

    from milestones

    group by contact_id

),

-- A cancellation without a start means that the subscription began before the first event that is known.
subscriptions as (

    select
        contact_id,
        first_started_at,
        last_started_at,
        last_cancelled_at,
        case
            when last_cancelled_at >= last_started_at or last_started_at is null then 'cancelled'
            else 'subscribed'
        end as subscription_state

    from dates

)

select * from subscriptions
