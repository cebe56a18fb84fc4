{{ config(enabled=is_connected('segment', 'raw_events')) }}

{%- set event_names = {
    'tracks': 'coalesce(event_text, event_slug)', 'pages': "'page_viewed'", 'screens': "'screen_viewed'", 'identifies': "'visited'",
} %}

with

calls as (
    {%- for calls, event_name in event_names.items() %}

    select
        source_system,
        message_id,
        user_id,
        anonymous_id,
        occurred_at,
        received_at,
        user_agent,
        is_bot,
        lower(call_channel) as call_channel,
        lower(device_type) as device_type,
        operating_system,
        app_version,
        campaign,
        page_path,
        page_url,
        screen_name,
        loaded_at,
        '{{ calls }}' as call_kind,
        {{ event_name }} as event_name

    from {{ ref('crm_segmentation', 'landed_segment__' ~ calls) }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

-- Traits that a server keeps up to date have no browser, and are nobody's visit; nor are rows that were loaded from elsewhere. What
-- is said of an order later, mostly by the shop, is an act of nobody.
calls_of_people as (

    select
        *,
        {{ snake_case('event_name') }} as event_slug,
        {{ contact_system('segment') }} as contact_system,
        {{ tracked_at('occurred_at', 'received_at') }} as tracked_at,
        call_channel = 'mobile' or device_type in ('ios', 'android') or screen_name is not null or app_version is not null as is_in_app

    from calls

    where
        source_system in ({{ instances_feeding('segment', 'raw_events') }})
        and not coalesce(is_bot, false)
        and not {{ is_machine_agent('user_agent') }}
        and coalesce(call_channel, '') != 'sources'
        and (call_kind != 'identifies' or (user_id is not null and anonymous_id is not null))
        and {{ snake_case("coalesce(event_name, '')") }} not in ('order_updated', 'order_refunded', 'order_cancelled')

)

select * from calls_of_people
