{{ config(enabled=has_feature('campaigns')) }}

with

campaigns as (

    select * from {{ ref('crm_segmentation', 'campaigns') }}

),

sends as (

    select * from {{ ref('crm_segmentation', 'campaign_sends') }}

),

counted as (

    select
        campaign_id,
        {{ campaign_counts() | indent(8) }}

    from sends

    group by campaign_id

),

costed as (

    select
        campaigns.campaign_id,
        campaigns.campaign_name,
        {{ campaign_totals('counted') | indent(8) }},
        campaigns.cost

    from campaigns

    left join counted on campaigns.campaign_id = counted.campaign_id

),

campaign_results as (

    select
        campaign_id,
        {{ campaign_measures() | indent(8) }},
        campaign_name,
        {{ as_of_date() }} as as_of_date

    from costed

)

select * from campaign_results
