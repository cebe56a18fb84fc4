{{ config(enabled=is_connected('klaviyo', 'raw_events') or is_connected('klaviyo', 'raw_consents')) }}

with

profile_events as (

    select * from {{ ref('crm_segmentation', 'landed_klaviyo__events') }}

),

metrics as (

    select * from {{ ref('crm_segmentation', 'landed_klaviyo__metrics') }}

),

named_events as (

    select
        profile_events.source_system,
        profile_events.event_id,
        profile_events.profile_id,
        profile_events.occurred_at,
        profile_events.campaign_id,
        profile_events.source_product_id,
        profile_events.event_value,
        profile_events.is_machine_open,
        profile_events.is_bot_click,
        profile_events.bounce_type,
        profile_events.loaded_at,
        -- An event of a kind that did not land has an empty name: staging rejects it and tells, nothing passes over it.
        lower(coalesce(profile_events.metric_name, metrics.metric_name, '')) as metric

    from profile_events

    left join metrics
        on profile_events.source_system = metrics.source_system and profile_events.metric_id = metrics.metric_id

)

select * from named_events
