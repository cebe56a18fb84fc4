with

kept_rows as (

    select * from {{ ref('crm_segmentation', 'base_activity__campaigns') }}
    where row_status = 'kept'

),

channels as (

    select * from {{ ref('crm_segmentation', 'base_people__spellings') }}
    where kind = 'channel'

),

tidied as (

    select
        kept_rows.campaign_id,
        kept_rows.campaign_name,
        coalesce(channels.stored_value, lower(kept_rows.channel)) as channel,
        lower(kept_rows.goal) as goal,
        lower(kept_rows.season) as season,
        kept_rows.offer,
        kept_rows.started_at,
        kept_rows.ended_at,
        {{ unless_negative('kept_rows.cost') }} as campaign_cost,
        {{ currency_code('kept_rows.currency') }} as currency,
        kept_rows.raw_ended_at,
        kept_rows.raw_cost,
        kept_rows.currency as raw_currency,
        kept_rows.channel as raw_channel,
        channels.stored_value as known_channel

    from kept_rows

    left join channels on {{ channel_spelling('kept_rows.channel') }} = channels.spelling

)

select * from tidied
