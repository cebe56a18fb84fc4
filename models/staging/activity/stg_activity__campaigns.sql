with

kept_rows as (

    select * from {{ ref('base_activity__campaigns') }}
    where row_status = 'kept'

),

tidied as (

    select
        campaign_id,
        campaign_name,
        lower(channel) as channel,
        lower(goal) as goal,
        lower(season) as season,
        offer,
        started_at,
        ended_at,
        cast({{ unless_negative('cost') }} as numeric(18, 2)) as campaign_cost,
        {{ currency_code('currency') }} as currency,
        raw_ended_at,
        raw_cost,
        currency as raw_currency

    from kept_rows

)

select * from tidied
