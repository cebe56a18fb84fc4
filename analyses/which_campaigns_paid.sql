{{ config(enabled=has_feature('campaigns')) }}

-- Which campaigns brought in more than they cost, season by season?
with

campaigns as (

    select * from {{ ref('crm_segmentation', 'campaigns') }}

),

results as (

    select * from {{ ref('crm_segmentation', 'campaign_results') }}

)

select
    campaigns.season,
    campaigns.campaign_name,
    campaigns.channel,
    results.sent_count,
    results.converted_rate,
    results.converted_rate_low,
    results.converted_rate_high,
    results.revenue,
    results.cost,
    results.profit,
    results.return_on_investment

from campaigns

inner join results on campaigns.campaign_id = results.campaign_id

order by results.profit desc, campaigns.campaign_id asc
