{{ config(enabled=is_connected('mailchimp', 'raw_campaigns')) }}

with

-- One that is planned has a time of sending, too.
sent_campaigns as (

    select * from {{ ref('crm_segmentation', 'landed_mailchimp__campaigns') }}
    where
        source_system in ({{ instances_feeding('mailchimp', 'raw_campaigns') }})
        and sent_at is not null
        and coalesce(lower(status), 'sent') not in ('save', 'schedule')

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
