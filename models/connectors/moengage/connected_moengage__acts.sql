{{ config(enabled=is_connected('moengage')) }}

with

ranked_events as (

    select
        *,
        upper(event_code) as code,
        {{ contact_system('moengage') }} as key_system,
        row_number() over (
            partition by source_system, event_id
            order by occurred_at, {{ by_code_point("coalesce(user_id, '')") }}, {{ by_code_point("coalesce(email, '')") }}
        ) as copy_number

    from {{ ref('crm_segmentation', 'landed_moengage__events') }}

),

-- The key of the company is that of its system. Who has none is known by the address or number that a message went to.
acts as (

    select
        source_system,
        event_id,
        event_name,
        event_code,
        code,
        occurred_at,
        email,
        phone,
        device_id,
        campaign_id,
        campaign_name,
        loaded_at,
        case when user_id is null then source_system else key_system end as contact_system,
        coalesce(user_id, lower(email), phone) as person_key,
        case
            when code like 'MOE_EMAIL%' then 'email'
            when code like 'SMS_%' then 'sms'
            when code like 'NOTIFICATION_%' or code like 'MOE_PUSH_%' or code = 'N_I_S' then 'push'
            when campaign_id is not null then lower(campaign_channel)
        end as channel,
        case
            when code in ('MOE_EMAIL_SENT', 'SMS_SENT', 'N_I_S') then 'message_sent'
            when code in ('MOE_EMAIL_DELIVERED', 'SMS_DELIVERED') or code like 'NOTIFICATION_RECEIVED%' then 'message_delivered'
            when code = 'MOE_EMAIL_OPEN' then 'message_opened'
            when code = 'MOE_EMAIL_CLICK' or code like 'NOTIFICATION_CLICKED%' then 'message_clicked'
            when code = 'MOE_EMAIL_HARD_BOUNCE' then 'message_bounced'
            when code = 'MOE_EMAIL_UNSUBSCRIBE' then 'message_unsubscribed'
            when code = 'MOE_EMAIL_SPAM' then 'message_complained'
        end as message_event

    from ranked_events

    where copy_number = 1

)

select * from acts
