with

daily_messages as (

    select * from {{ ref('crm_segmentation', 'contact_activity_daily') }}
    where event_name in ('message_sent', 'message_opened', 'message_clicked', 'message_unsubscribed', 'message_complained')

),

weeks as (

    select
        contact_id,
        cast({{ dbt.date_trunc('week', 'occurred_on') }} as date) as week_starts_on,
        sum(case when event_name = 'message_sent' then event_count else 0 end) as message_count,
        sum(case when event_name = 'message_opened' then event_count else 0 end) as opened_count,
        sum(case when event_name = 'message_clicked' then event_count else 0 end) as clicked_count,
        max(case when event_name = 'message_unsubscribed' then 1 else 0 end) as has_unsubscribed,
        max(case when event_name = 'message_complained' then 1 else 0 end) as has_complained

    from daily_messages

    group by contact_id, cast({{ dbt.date_trunc('week', 'occurred_on') }} as date)

),

contact_message_weeks as (

    select
        contact_id,
        week_starts_on,
        cast(message_count as {{ dbt.type_int() }}) as message_count,
        cast(opened_count as {{ dbt.type_int() }}) as opened_count,
        cast(clicked_count as {{ dbt.type_int() }}) as clicked_count,
        has_unsubscribed = 1 as has_unsubscribed,
        has_complained = 1 as has_complained

    from weeks

)

select * from contact_message_weeks
