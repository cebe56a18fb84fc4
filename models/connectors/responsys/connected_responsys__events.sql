{{ config(enabled=is_connected('responsys', 'raw_events')) }}

with

acts as (

    select * from {{ ref('crm_segmentation', 'connected_responsys__acts') }}
    where source_system in ({{ instances_feeding('responsys', 'raw_events') }})

),

-- A soft bounce may pass, and opting in is a decision and no answer to a message.
events as (

    select
        source_system,
        event_id,
        riid as source_contact_id,
        occurred_at,
        campaign_id,
        channel,
        loaded_at,
        case act
            when 'sent' then 'message_sent'
            when 'open' then 'message_opened'
            when 'click' then 'message_clicked'
            when 'bounce' then 'message_bounced'
            when 'complaint' then 'message_complained'
            else 'message_unsubscribed'
        end as event_name

    from acts

    where act != 'opt_in' and not (act = 'bounce' and coalesce(upper(bounce_type), '') = 'S')

)

select * from events
