{{ config(enabled=is_connected('dynamics', 'raw_campaigns')) }}

with

landed_campaigns as (

    select * from {{ ref('crm_segmentation', 'landed_dynamics__campaigns') }}
    where source_system in ({{ instances_feeding('dynamics', 'raw_campaigns') }}) and not coalesce(is_template, false)

),

currencies as (

    select * from {{ ref('crm_segmentation', 'landed_dynamics__currencies') }}

),

campaigns as (

    select
        landed_campaigns.campaign_id,
        landed_campaigns.campaign_name,
        landed_campaigns.started_at,
        landed_campaigns.ended_at,
        landed_campaigns.cost,
        landed_campaigns.loaded_at,
        coalesce(currencies.currency, landed_campaigns.currency_id) as currency,
        case landed_campaigns.type_code when 1 then 'ads' when 2 then 'direct marketing' when 3 then 'event' else 'other' end as channel

    from landed_campaigns

    left join currencies
        on landed_campaigns.source_system = currencies.source_system and landed_campaigns.currency_id = currencies.currency_id

)

select * from campaigns
