{{ config(enabled=is_connected('mailchimp', 'raw_campaigns')) }}

with

sent_campaigns as (

    select landed_campaigns.*

    from {{ ref('crm_segmentation', 'landed_mailchimp__campaigns') }} as landed_campaigns

    where
        landed_campaigns.source_system in ({{ instances_feeding('mailchimp', 'raw_campaigns') }})
        and {{ was_sent_by_mailchimp('landed_campaigns') }}

),

campaigns as (

    select
        campaign_id,
        sent_at as started_at,
        loaded_at,
        'email' as channel,
        coalesce(campaign_name, subject) as campaign_name

    from sent_campaigns

)

select * from campaigns
