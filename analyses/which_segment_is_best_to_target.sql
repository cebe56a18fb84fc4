{{ config(enabled=has_feature('campaigns')) }}

-- Which segment, and which channel for it, brings the most per message, with luck taken out?
with

responses as (

    select * from {{ ref('crm_segmentation', 'segment_response') }}

),

lifts as (

    select * from {{ ref('crm_segmentation', 'segment_lift') }}
    where metric = 'revenue'

)

select
    responses.response_rank,
    responses.segment_name,
    responses.channel,
    responses.recipient_count,
    responses.profit_per_recipient,
    responses.shrunk_profit_per_recipient,
    responses.interval_low,
    responses.interval_high,
    lifts.difference as incremental_revenue_per_contact,
    lifts.p_value as incremental_p_value

from responses

left join lifts on responses.segment_name = lifts.segment_name

order by case when responses.channel = 'all' then 0 else 1 end asc, responses.response_rank asc
