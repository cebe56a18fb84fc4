{{ config(enabled=is_connected('braze', 'raw_campaigns')) }}

with

versions as (

    select
        *,
        row_number() over (
            partition by source_system, campaign_id
            order by changed_at desc nulls last, {{ by_code_point('campaign_name') }}
        ) as version_place

    from {{ ref('crm_segmentation', 'landed_braze__campaigns') }}

    where source_system in ({{ instances_feeding('braze', 'raw_campaigns') }})

),

first_messages as (

    select
        source_system,
        campaign_id,
        min(occurred_at) as sent_at,
        min(case when channel = 'email' then channel end) as email_channel,
        min(channel) as any_channel

    from {{ ref('crm_segmentation', 'connected_braze__messages') }}

    where event_name = 'message_sent'

    group by source_system, campaign_id

),

-- Data Sharing keeps no start, so that the first message that was sent is one. What has sent nothing is no campaign yet.
campaigns as (

    select
        versions.campaign_id,
        versions.campaign_name,
        versions.loaded_at,
        coalesce(versions.first_sent_at, first_messages.sent_at) as started_at,
        coalesce(
            first_messages.email_channel,
            first_messages.any_channel,
            case when versions.sends_email then 'email' when versions.sends_sms then 'sms' else 'push' end
        ) as channel

    from versions

    left join first_messages
        on versions.source_system = first_messages.source_system and versions.campaign_id = first_messages.campaign_id

    where
        versions.version_place = 1
        and not coalesce(versions.is_draft, false)
        and coalesce(versions.first_sent_at, first_messages.sent_at) is not null

)

select * from campaigns
