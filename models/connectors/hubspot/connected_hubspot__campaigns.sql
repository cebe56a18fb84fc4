{{ config(enabled=is_connected('hubspot', 'raw_campaigns')) }}

with

email_campaigns as (

    select * from {{ ref('crm_segmentation', 'landed_hubspot__email_campaigns') }}
    where source_system in ({{ instances_feeding('hubspot', 'raw_campaigns') }})

),

-- HubSpot tells no start of a campaign: it is when its first message went out. One without a message has not begun.
first_messages as (

    select
        source_system,
        campaign_id,
        min(occurred_at) as started_at

    from {{ ref('crm_segmentation', 'landed_hubspot__email_events') }}

    where campaign_id is not null

    group by source_system, campaign_id

),

campaigns as (

    select
        email_campaigns.campaign_id,
        first_messages.started_at,
        email_campaigns.loaded_at,
        'email' as channel,
        coalesce(email_campaigns.campaign_name, email_campaigns.subject, email_campaigns.campaign_id) as campaign_name

    from email_campaigns

    inner join first_messages
        on email_campaigns.source_system = first_messages.source_system and email_campaigns.campaign_id = first_messages.campaign_id

)

select * from campaigns
