{{ config(enabled=is_connected('braze', 'raw_campaigns')) }}

with

versions as (

    {{ newest_campaigns('braze', 'changed_at') }}

),

first_messages as (

    {{ first_messages('braze') }}

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
        not coalesce(versions.is_draft, false)
        and coalesce(versions.first_sent_at, first_messages.sent_at) is not null

)

select * from campaigns
