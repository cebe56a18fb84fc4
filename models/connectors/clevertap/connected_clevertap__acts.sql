{{ config(enabled=is_connected('clevertap')) }}

-- Guarantees each event once, in UTC, with the person whose it is. The key of the company is that of its system; who has none is known by
-- address or number.
with

keyed_events as (

    select
        *,
        lower(event_name) as shown_name,
        lower(campaign_channel) as shown_channel,
        {{ in_utc('occurred_at', 'clevertap') }} as utc_occurred_at,
        case when user_id is null then source_system else {{ contact_system('clevertap') }} end as contact_system,
        coalesce(user_id, lower(email), phone) as person_key,
        {{ hashed_key([
            'event_name', 'occurred_at', "coalesce(object_id, '')", "coalesce(user_id, '')", 'coalesce(' ~ json_as_key('properties') ~ ", '')",
        ]) }} as event_id

    from {{ ref('crm_segmentation', 'landed_clevertap__events') }}

),

ranked_events as (

    select
        *,
        row_number() over (
            partition by source_system, event_id
            order by loaded_at desc, {{ by_code_point("coalesce(email, '')") }}, {{ by_code_point("coalesce(phone, '')") }}
        ) as copy_number

    from keyed_events

),

acts as (

    select
        source_system,
        contact_system,
        event_id,
        event_name,
        shown_name,
        person_key,
        user_id,
        object_id,
        email,
        phone,
        app_version,
        platform,
        campaign_id,
        campaign_name,
        product_id,
        order_id,
        amount,
        currency,
        items,
        loaded_at,
        utc_occurred_at as occurred_at,
        case
            when shown_channel like '%mail%' then 'email'
            when shown_channel like '%sms%' then 'sms'
            when shown_channel like '%push%' then 'push'
            when shown_channel like '%app%' and shown_channel not like '%whatsapp%' then 'in_app'
            else shown_channel
        end as message_channel

    from ranked_events

    where copy_number = 1

)

select * from acts
