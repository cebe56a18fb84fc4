{{ config(enabled=is_connected('mixpanel', 'raw_events')) }}

with

acts as (

    select * from {{ ref('crm_segmentation', 'connected_mixpanel__acts') }}
    where source_system in ({{ instances_feeding('mixpanel', 'raw_events') }})

),

-- What begins with $ is Mixpanel's own: measured by itself, said of who it is, or a change that is nobody's act.
events as (

    select
        contact_system as source_system,
        event_id,
        user_id as source_contact_id,
        anonymous_id,
        occurred_at,
        received_at,
        operating_system,
        app_version,
        campaign as campaign_id,
        product_id as source_product_id,
        event_value,
        loaded_at,
        {{ path_of_address('page_url') }} as page_path,
        case
            when event_name = '$mp_web_page_view' then 'page_viewed'
            when event_name = '$identify' or substr(event_name, 1, 4) in ('$mp_', '$ae_') then 'visited'
            else event_name
        end as event_name,
        case
            when app_version is not null or substr(event_name, 1, 4) = '$ae_' then 'app'
            when page_url is not null then 'web'
        end as channel,
        case when lower(operating_system) in ('ios', 'android', 'iphone os') then 'mobile' end as device_type

    from acts

    where substr(event_name, 1, 1) != '$' or event_name = '$identify' or substr(event_name, 1, 4) in ('$mp_', '$ae_')

)

select * from events
