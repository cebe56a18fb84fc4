{{ config(enabled=has_feature('campaigns')) }}

with

messages as (

    select * from {{ ref('crm_segmentation', 'int_campaigns__messages') }}

),

credits as (

    select * from {{ ref('crm_segmentation', 'int_campaigns__credits') }}

),

credited as (

    select
        campaign_id,
        contact_id,
        send_number,
        min(case when is_goal then converted_at end) as converted_at,
        sum(case when is_goal then credit_share else 0 end) as credited_conversion_count,
        sum(credited_revenue) as credited_revenue

    from credits

    group by campaign_id, contact_id, send_number

),

campaign_sends as (

    select
        cast(messages.campaign_id as {{ dbt.type_string() }}) as campaign_id,
        messages.contact_id,
        cast(messages.channel as {{ dbt.type_string() }}) as channel,
        messages.sent_at,
        messages.delivered_at,
        messages.opened_at,
        messages.clicked_at,
        messages.replied_at,
        messages.bounced_at,
        messages.unsubscribed_at,
        messages.complained_at,
        credited.converted_at,
        cast(coalesce(credited.credited_conversion_count, 0) as numeric(18, 6)) as credited_conversion_count,
        cast(coalesce(credited.credited_revenue, 0) as numeric(18, 2)) as credited_revenue,
        messages.send_number,
        messages.contact_send_count

    from messages

    left join credited
        on
            messages.campaign_id = credited.campaign_id
            and messages.contact_id = credited.contact_id
            and messages.send_number = credited.send_number

)

select * from campaign_sends
