{{ config(enabled=is_connected('klaviyo', 'raw_campaigns')) }}

with

sent_campaigns as (

    select * from {{ ref('crm_segmentation', 'landed_klaviyo__campaigns') }}
    where source_system in ({{ instances_feeding('klaviyo', 'raw_campaigns') }}) and sent_at is not null

),

campaigns as (

    select
        campaign_id,
        campaign_name,
        sent_at as started_at,
        loaded_at,
        -- Fivetran has a kind here, such as Regular, and Klaviyo's own words are email, sms and mobile_push.
        case
            when lower(channel) like '%sms%' then 'sms'
            when lower(channel) like '%push%' then 'push'
            else 'email'
        end as channel

    from sent_campaigns

)

select * from campaigns
