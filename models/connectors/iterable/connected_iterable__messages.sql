{{ config(enabled=is_connected('iterable')) }}

-- Guarantees events that people stand behind: no picture that Apple's mail fetched, and no bounce after which the
-- message may still arrive.
with

fetched_by_machine as (

    select distinct
        source_system,
        event_hash,
        user_key

    from {{ ref('crm_segmentation', 'landed_iterable__event_extensions') }}

    where lower(proxy_source) like '%apple%'

),

events as (

    select
        *,
        lower(replace(coalesce(event_name, table_name), '_', '')) as event_kind

    from {{ ref('crm_segmentation', 'landed_iterable__events') }}

),

-- Apple's mail fetches pictures before anybody reads. A soft bounce may arrive yet.
own_events as (

    select events.*

    from events

    left join fetched_by_machine
        on
            events.source_system = fetched_by_machine.source_system
            and events.event_hash = fetched_by_machine.event_hash
            and coalesce(fetched_by_machine.user_key, events.user_key) = events.user_key

    where
        not (
            events.event_kind = 'emailopen'
            and (fetched_by_machine.event_hash is not null or lower(coalesce(events.proxy_source, '')) like '%apple%')
        )
        and lower(coalesce(events.recipient_state, '')) not like '%soft%'

),

messages as (

    select
        source_system,
        {{ address_as_key('user_key') }} as user_key,
        occurred_at,
        campaign_id,
        loaded_at,
        {{ hashed_key(
            ['event_kind', address_as_key('user_key'), 'occurred_at', "coalesce(campaign_id, '')", "coalesce(message_id, '')", "coalesce(url, '')"]
        ) }} as event_id,
        case
            when event_kind like 'email%' then 'email'
            when event_kind like 'sms%' then 'sms'
            when event_kind like 'inapp%' then 'in_app'
            else 'push'
        end as channel,
        case
            when event_kind like '%send' then 'message_sent'
            when event_kind like '%open' then 'message_opened'
            when event_kind like '%click' then 'message_clicked'
            when event_kind like '%bounce' then 'message_bounced'
            else 'message_complained'
        end as event_name

    from own_events

    where
        event_kind in ('emailsend', 'emailopen', 'emailclick', 'emailbounce', 'emailcomplaint', 'pushsend', 'pushopen', 'pushbounce')
        or event_kind in ('smssend', 'smsclick', 'smsbounce', 'webpushsend', 'webpushclick', 'inappsend', 'inappopen', 'inappclick')

)

select * from messages
