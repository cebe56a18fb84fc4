{{ config(enabled=is_connected('responsys', 'raw_campaigns')) }}

with

messages as (

    select
        source_system,
        campaign_id,
        min(occurred_at) as started_at,
        min(channel) as channel,
        max(loaded_at) as loaded_at

    from {{ ref('crm_segmentation', 'connected_responsys__acts') }}

    where source_system in ({{ instances_feeding('responsys', 'raw_campaigns') }}) and campaign_id is not null and act = 'sent'

    group by source_system, campaign_id

),

campaign_names as (

    select
        source_system,
        campaign_id,
        max(campaign_name) as campaign_name

    from {{ ref('crm_segmentation', 'landed_responsys__launches') }}

    group by source_system, campaign_id

),

-- The first message stands for the start. Without the file of launches a campaign has its number alone.
campaigns as (

    select
        messages.campaign_id,
        messages.started_at,
        messages.channel,
        messages.loaded_at,
        coalesce(campaign_names.campaign_name, messages.campaign_id) as campaign_name

    from messages

    left join campaign_names
        on messages.source_system = campaign_names.source_system and messages.campaign_id = campaign_names.campaign_id

)

select * from campaigns
