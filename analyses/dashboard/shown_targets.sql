{{ config(enabled=has_feature('campaigns')) }}

-- Which segments earn most for each member who is sent a message? Those with few recipients are drawn towards the mean of all.
select
    segment_label as segment,
    response_rank,
    recipient_count,
    shrunk_profit_per_recipient,
    interval_low,
    interval_high,
    case when interval_low > 0 then 'earns' when interval_high < 0 then 'loses' else 'not sure yet' end as evidence
from {{ ref('crm_segmentation', 'segment_response') }}
where channel = 'all' and segment_label is not null
order by response_rank asc
limit 12
