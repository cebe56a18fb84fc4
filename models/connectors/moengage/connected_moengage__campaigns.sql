{{ config(enabled=is_connected('moengage', 'raw_campaigns')) }}

with

ranked_messages as (

    select
        *,
        row_number() over (
            partition by source_system, campaign_id
            order by occurred_at desc, {{ by_code_point('event_id') }}
        ) as message_place

    from {{ ref('crm_segmentation', 'connected_moengage__acts') }}

    where
        source_system in ({{ instances_feeding('moengage', 'raw_campaigns') }})
        and campaign_id is not null
        and message_event is not null

),

-- Exports of events have no campaigns: the first message stands for the start, and the last one for the name.
campaigns as (

    select
        campaign_id,
        min(occurred_at) as started_at,
        max(loaded_at) as loaded_at,
        {{ value_at_lowest('channel', 'message_place') }} as channel,
        coalesce({{ value_at_lowest('campaign_name', 'message_place') }}, campaign_id) as campaign_name

    from ranked_messages

    group by source_system, campaign_id

)

select * from campaigns
