{{ config(enabled=has_feature('campaigns')) }}

with

staged_campaigns as (

    select * from {{ ref('crm_segmentation', 'stg_activity__campaigns') }}

),

sends as (

    select * from {{ ref('crm_segmentation', 'int_campaigns__messages') }}

),

sent_campaigns as (

    select
        campaign_id,
        min(channel) as channel,
        min(sent_at) as started_at

    from sends

    group by campaign_id

),

known_campaigns as (

    select
        staged_campaigns.campaign_name,
        staged_campaigns.goal,
        staged_campaigns.season,
        staged_campaigns.offer,
        staged_campaigns.ended_at,
        staged_campaigns.campaign_cost,
        staged_campaigns.currency,
        coalesce(staged_campaigns.campaign_id, sent_campaigns.campaign_id) as campaign_id,
        coalesce(staged_campaigns.channel, sent_campaigns.channel) as channel,
        coalesce(staged_campaigns.started_at, sent_campaigns.started_at) as started_at,
        staged_campaigns.campaign_id is not null as is_declared

    from staged_campaigns

    full outer join sent_campaigns on staged_campaigns.campaign_id = sent_campaigns.campaign_id

)

select * from known_campaigns
