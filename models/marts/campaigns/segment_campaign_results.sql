{{ config(enabled=has_feature('campaigns')) }}

-- Guarantees that a segment bears no more than what its campaign cost. Over segments it may add up to more, because a
-- contact who is in two counts in both.
with

campaigns as (

    select * from {{ ref('crm_segmentation', 'campaigns') }}

),

sends as (

    select * from {{ ref('crm_segmentation', 'campaign_sends') }}

),

spells as (

    select * from {{ ref('crm_segmentation', 'segment_membership_history') }}

),

send_counts as (

    select
        campaign_id,
        count(*) as campaign_sent_count

    from sends

    group by campaign_id

),

-- In the segment when the day of the message began, whatever it is in now. A contact counts in each of its segments.
segment_sends as (

    select
        sends.*,
        spells.segment_name

    from sends

    inner join spells
        on
            sends.contact_id = spells.contact_id
            and {{ in_spell('cast(sends.sent_at as date)', 'spells') }}

),

counted as (

    select
        segment_name,
        campaign_id,
        {{ campaign_counts() | indent(8) }}

    from segment_sends

    group by segment_name, campaign_id

),

-- The cost of a campaign is shared among its messages.
costed as (

    select
        counted.*,
        campaigns.campaign_name,
        cast(
            {{ rounded_ratio('campaigns.cost * counted.sent_count', 'send_counts.campaign_sent_count', 2) }} as numeric(18, 2)
        ) as cost -- noqa: RF04

    from counted

    inner join campaigns on counted.campaign_id = campaigns.campaign_id

    inner join send_counts on counted.campaign_id = send_counts.campaign_id

),

segment_campaign_results as (

    select
        cast(segment_name as {{ dbt.type_string() }}) as segment_name,
        campaign_id,
        {{ campaign_measures() | indent(8) }},
        campaign_name,
        {{ as_of_date() }} as as_of_date

    from costed

),

{{ with_segment_labels('segment_campaign_results') }}

select * from labelled
