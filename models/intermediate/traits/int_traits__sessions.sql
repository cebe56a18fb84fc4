with

sessions as (

    select * from {{ ref('crm_segmentation', 'sessions') }}
    where contact_id is not null

),

first_purchases as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where purchase_number = 1

),

session_traits as (

    select
        sessions.contact_id,
        count(*) as session_count,
        count(case when {{ in_last_days('sessions.started_on', 30) }} then 1 end) as sessions_30_days,
        count(case when sessions.is_converted then 1 end) as converted_session_count,
        case
            when min(first_purchases.ordered_at) is not null
                then count(case when sessions.started_at <= first_purchases.ordered_at then 1 end)
        end as sessions_to_first_purchase,
        count(distinct case when {{ in_last_days('sessions.started_on', 30) }} then sessions.started_on end) as active_days_30_days,
        count(distinct case when {{ in_last_days('sessions.started_on', 90) }} then sessions.started_on end) as active_days_90_days,
        max(sessions.ended_at) as last_seen_at,
        {{ value_at_lowest('sessions.campaign_id', 'sessions.session_number') }} as first_campaign_id,
        {{ value_at_lowest('sessions.campaign_id', '-sessions.session_number') }} as last_campaign_id

    from sessions

    left join first_purchases on sessions.contact_id = first_purchases.contact_id

    group by sessions.contact_id

)

select * from session_traits
