{{ config(enabled=is_connected('klaviyo', 'raw_campaigns')) }}

with

sent_campaigns as (

    select * from {{ ref('crm_segmentation', 'landed_klaviyo__campaigns') }}
    where source_system in ({{ instances_feeding('klaviyo', 'raw_campaigns') }}) and sent_at is not null

),

campaigns as (

    select
        campaign_id,
        campaign_name,
        sent_at as started_at,
        loaded_at,
        coalesce(lower(channel), 'email') as channel

    from sent_campaigns

)

select * from campaigns
