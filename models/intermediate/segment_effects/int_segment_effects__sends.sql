{{ config(enabled=has_feature('campaigns')) }}

-- Guarantees a message once for each segment that its contact was in that day, whatever it is in now: profits of
-- segments may not be added up.
with

sends as (

    select * from {{ ref('crm_segmentation', 'campaign_sends') }}

),

campaigns as (

    select * from {{ ref('crm_segmentation', 'campaigns') }}

),

spells as (

    select * from {{ ref('crm_segmentation', 'segment_membership_history') }}

),

send_counts as (

    select
        campaign_id,
        count(*) as sent_count

    from sends

    group by campaign_id

),

-- What one message brought in less its part of the campaign's cost, which is often less than a cent.
profits as (

    select
        sends.campaign_id,
        sends.contact_id,
        sends.send_number,
        sends.channel,
        cast(sends.sent_at as date) as sent_on,
        cast(
            sends.credited_revenue - coalesce({{ rounded_ratio('campaigns.cost', 'send_counts.sent_count', 4) }}, 0) as numeric(18, 4)
        ) as profit

    from sends

    inner join campaigns on sends.campaign_id = campaigns.campaign_id

    inner join send_counts on sends.campaign_id = send_counts.campaign_id

),

segment_sends as (

    select
        spells.segment_name,
        profits.campaign_id,
        profits.contact_id,
        profits.send_number,
        profits.channel,
        profits.profit

    from profits

    inner join spells
        on
            profits.contact_id = spells.contact_id
            and {{ in_spell('profits.sent_on', 'spells') }}

)

select * from segment_sends
