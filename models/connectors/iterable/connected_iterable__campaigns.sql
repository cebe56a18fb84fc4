{{ config(enabled=is_connected('iterable', 'raw_campaigns')) }}

with

versions as (

    select
        *,
        row_number() over (
            partition by source_system, campaign_id
            order by updated_at desc nulls last, {{ by_code_point('campaign_name') }}
        ) as version_place

    from {{ ref('crm_segmentation', 'landed_iterable__campaigns') }}

    where source_system in ({{ instances_feeding('iterable', 'raw_campaigns') }})

),

first_messages as (

    select
        source_system,
        campaign_id,
        min(occurred_at) as sent_at

    from {{ ref('crm_segmentation', 'connected_iterable__messages') }}

    where event_name = 'message_sent'

    group by source_system, campaign_id

),

-- What events set off has no start, so that its first message is one.
campaigns as (

    select
        versions.campaign_id,
        versions.campaign_name,
        versions.ended_at,
        versions.loaded_at,
        coalesce(versions.started_at, first_messages.sent_at) as started_at,
        case lower(versions.medium)
            when 'sms' then 'sms'
            when 'push' then 'push'
            when 'webpush' then 'push'
            when 'inapp' then 'in_app'
            else 'email'
        end as channel

    from versions

    left join first_messages
        on versions.source_system = first_messages.source_system and versions.campaign_id = first_messages.campaign_id

    where
        versions.version_place = 1
        and coalesce(lower(versions.campaign_state), '') not in ('draft', 'ready', 'scheduled')
        and coalesce(versions.started_at, first_messages.sent_at) is not null

)

select * from campaigns
