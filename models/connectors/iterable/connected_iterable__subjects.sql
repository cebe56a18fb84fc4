{{ config(enabled=is_connected('iterable')) }}

with

-- Who leaves the channel of receipts says nothing about advertising. WhatsApp and embedded messages are no channels here.
channels as (

    select
        source_system,
        channel_id,
        case lower(medium)
            when 'email' then 'email'
            when 'sms' then 'sms'
            when 'push' then 'push'
            when 'webpush' then 'push'
            when 'inapp' then 'in_app'
        end as channel,
        coalesce(lower(channel_type), '') != 'transactional' and coalesce(lower(medium), '') not in ('whatsapp', 'embedded') as is_decision

    from {{ ref('crm_segmentation', 'landed_iterable__channels') }}

),

subjects as (

    select
        source_system,
        'channel' as subject_kind,
        channel_id as subject_id,
        channel,
        is_decision

    from channels

    union all

    -- Of a kind of message that one has to opt into, nobody begins as subscribed.
    select
        message_types.source_system,
        'message_type' as subject_kind,
        message_types.message_type_id as subject_id,
        channels.channel,
        coalesce(channels.is_decision, true) and coalesce(lower(message_types.subscription_policy), '') != 'optin' as is_decision

    from {{ ref('crm_segmentation', 'landed_iterable__message_types') }} as message_types

    left join channels on message_types.source_system = channels.source_system and message_types.channel_id = channels.channel_id

)

select * from subjects
