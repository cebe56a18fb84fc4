{{ config(enabled=has_feature('campaigns')) }}

-- What did each campaign cost, bring and move people to do?
select
    campaigns.campaign_name as campaign,
    results.contact_count,
    results.opened_count,
    results.converted_count,
    results.unsubscribed_count,
    results.opened_rate,
    results.converted_rate,
    results.unsubscribed_rate,
    results.revenue,
    results.cost,
    results.profit,
    results.return_on_investment,
    coalesce(channel_labels.label, campaigns.channel) as channel,
    cast(campaigns.started_at as date) as started_on,
    {{ crm_segmentation.in_words('campaigns.goal') }} as goal
from {{ ref('crm_segmentation', 'campaign_results') }} as results
inner join {{ ref('crm_segmentation', 'campaigns') }} as campaigns
    on results.campaign_id = campaigns.campaign_id
left join {{ ref('crm_segmentation', 'code_labels') }} as channel_labels
    on channel_labels.code_kind = 'channel' and campaigns.channel = channel_labels.code
where results.sent_count > 0
order by results.profit desc, campaigns.campaign_name asc
