{{ config(enabled=is_connected('iterable', 'raw_campaigns')) }}

with

versions as (

    {{ newest_campaigns('iterable', 'updated_at') }}

),

first_messages as (

    {{ first_messages('iterable') }}

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
        coalesce(lower(versions.campaign_state), '') not in ('draft', 'ready', 'scheduled')
        and coalesce(versions.started_at, first_messages.sent_at) is not null

)

select * from campaigns
