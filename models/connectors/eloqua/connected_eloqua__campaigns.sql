{{ config(enabled=is_connected('eloqua', 'raw_campaigns')) }}

with

planned_campaigns as (

    select * from {{ ref('crm_segmentation', 'landed_eloqua__campaigns') }}
    where source_system in ({{ instances_feeding('eloqua', 'raw_campaigns') }})

),

first_messages as (

    select
        source_system,
        campaign_id,
        min(occurred_at) as first_sent_at

    from {{ ref('crm_segmentation', 'connected_eloqua__acts') }}

    where kind = 'emailsend' and campaign_id is not null

    group by source_system, campaign_id

),

-- What has neither a day nor a message has not begun.
campaigns as (

    select
        planned_campaigns.campaign_id,
        planned_campaigns.campaign_name,
        planned_campaigns.cost,
        planned_campaigns.loaded_at,
        planned_campaigns.ended_at,
        'email' as channel,
        coalesce(planned_campaigns.started_at, first_messages.first_sent_at) as started_at

    from planned_campaigns

    left join first_messages
        on planned_campaigns.source_system = first_messages.source_system and planned_campaigns.campaign_id = first_messages.campaign_id

    where planned_campaigns.started_at is not null or first_messages.first_sent_at is not null

)

select * from campaigns
