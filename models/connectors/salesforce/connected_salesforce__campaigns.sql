{{ config(enabled=is_connected('salesforce', 'raw_campaigns')) }}

with

landed_campaigns as (

    select * from {{ ref('crm_segmentation', 'landed_salesforce__campaigns') }}
    where source_system in ({{ instances_feeding('salesforce', 'raw_campaigns') }}) and not coalesce(is_in_recycle_bin, false)

),

-- A campaign without a first day began when somebody entered it. Its last day is part of it.
campaigns as (

    select
        campaign_id,
        campaign_name,
        cost,
        currency,
        loaded_at,
        coalesce(started_on, created_at) as started_at,
        {{ dbt.dateadd('day', 1, 'ended_on') }} as ended_at,
        case when lower(campaign_type) like '%banner%' then 'ads' else coalesce(lower(campaign_type), 'other') end as channel

    from landed_campaigns

)

select * from campaigns
