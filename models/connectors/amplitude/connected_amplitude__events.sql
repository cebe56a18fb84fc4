{{ config(enabled=is_connected('amplitude', 'raw_events')) }}

with

-- What changes properties of a person, and what an advertising network reports, is no act of a person.
acts as (

    select
        *,
        {{ snake_case('event_type') }} as event_slug,
        coalesce(device_id, user_id) as sender_id

    from {{ ref('crm_segmentation', 'landed_amplitude__events') }}

    where
        source_system in ({{ instances_feeding('amplitude', 'raw_events') }})
        and not coalesce(is_attribution_event, false)
        and substr(coalesce(event_type, ''), 1, 1) != '$'

),

-- A device that sends an event again gives it the same insert id. What Amplitude measures by itself says that somebody was there.
events as (

    select
        user_id as source_contact_id,
        device_id as anonymous_id,
        {{ tracked_at('occurred_at', 'received_at') }} as occurred_at,
        received_at,
        app_version,
        page_path,
        campaign as campaign_id,
        product_id as source_product_id,
        loaded_at,
        {{ contact_system('amplitude') }} as source_system,
        coalesce(
            {{ hashed_key(['sender_id', 'insert_id']) }}, uuid, {{ hashed_key(['sender_id', 'event_number', 'received_at']) }}
        ) as event_id,
        case
            when event_slug in ('amplitude_page_viewed', 'page_viewed') then 'page_viewed'
            when event_slug in ('revenue_amount', 'amplitude_revenue') then 'purchase'
            when event_slug in ('session_start', 'session_end') or event_type like '[Amplitude] %' then 'visited'
            else event_type
        end as event_name,
        cast(coalesce(revenue, price * coalesce(quantity, 1)) as numeric(18, 4)) as event_value,
        case when lower(platform) in ('ios', 'android') then 'app' when lower(platform) = 'web' then 'web' end as channel,
        case when lower(platform) in ('ios', 'android') then 'mobile' end as device_type,
        case when lower(platform) in ('ios', 'android') then operating_system end as operating_system

    from acts

)

select * from events
