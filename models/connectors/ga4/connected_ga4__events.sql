{{ config(enabled=is_connected('ga4', 'raw_events')) }}

with

whole_days as (

    select * from {{ ref('crm_segmentation', 'connected_ga4__whole_days') }}
    where source_system in ({{ instances_feeding('ga4', 'raw_events') }}) and coalesce(purchase_number, 1) = 1

),

events as (

    select
        event_id,
        user_id as source_contact_id,
        visitor_id as anonymous_id,
        -- What a tag measures by itself says that somebody was there. Elsewhere a click is one in a message.
        case
            when event_name in (
                'click', 'scroll', 'file_download', 'form_start', 'form_submit', 'video_start', 'video_progress', 'video_complete',
                'view_search_results'
            ) then 'visited'
            else event_name
        end as event_name,
        occurred_at,
        device_category as device_type,
        operating_system,
        app_version,
        campaign as campaign_id,
        loaded_at,
        {{ contact_system('ga4') }} as source_system,
        case when lower(platform) in ('ios', 'android') then 'app' else 'web' end as channel,
        coalesce(purchase_revenue, event_value) as event_value,
        {{ path_of_address('page_location') }} as page_path

    from whole_days

)

select * from events
