{{ config(enabled=has_feature('campaigns')) }}

-- Guarantees that the shares of a conversion add up to one, and the credited amounts to its net amount, whichever way
-- of attribution is set. A conversion without a message before it has no row.
with

conversions as (

    select * from {{ ref('crm_segmentation', 'int_campaigns__conversions') }}

),

messages as (

    select * from {{ ref('crm_segmentation', 'int_campaigns__messages') }}
    where is_touch

),

campaigns as (

    select * from {{ ref('crm_segmentation', 'campaigns') }}

),

-- A purchase may be credited to any campaign; another event only to one whose goal it is.
touches as (

    select
        conversions.conversion_id,
        conversions.contact_id,
        conversions.event_name,
        conversions.converted_at,
        conversions.net_amount,
        messages.campaign_id,
        messages.send_number,
        messages.sent_at,
        conversions.event_name = campaigns.goal_event_name as is_goal,
        row_number() over (
            partition by conversions.event_name, conversions.conversion_id
            order by messages.sent_at asc, {{ by_code_point('messages.campaign_id') }} asc
        ) as touch_number,
        count(*) over (partition by conversions.event_name, conversions.conversion_id) as touch_count

    from conversions

    inner join messages
        on
            conversions.contact_id = messages.contact_id
            and conversions.converted_at >= messages.sent_at
            and conversions.converted_at < {{ dbt.dateadd('day', var('attribution_window_days'), 'messages.sent_at') }}

    inner join campaigns
        on
            messages.campaign_id = campaigns.campaign_id
            and (conversions.event_name = 'purchase' or conversions.event_name = campaigns.goal_event_name)

),

credits as (

    select
        conversion_id,
        contact_id,
        event_name,
        campaign_id,
        send_number,
        sent_at,
        converted_at,
        is_goal,
        cast({{ credit_share('touch_number', 'touch_count') }} as numeric(9, 6)) as credit_share,
        cast({{ credited_amount('net_amount', 'touch_number', 'touch_count') }} as numeric(18, 2)) as credited_revenue

    from touches

)

select * from credits
where credit_share > 0
