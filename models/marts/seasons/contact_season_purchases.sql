-- Guarantees that a purchase counts once in each season that its day lies in, by the calendar of the contact's own
-- country.
with

purchases as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where is_purchase and contact_id is not null

),

contact_calendars as (

    select * from {{ ref('crm_segmentation', 'int_seasons__contact_calendars') }}

),

season_days as (

    select * from {{ ref('crm_segmentation', 'int_seasons__days') }}

),

totals as (

    select
        contact_id,
        count(*) as purchase_count

    from purchases

    group by contact_id

),

season_purchases as (

    select
        purchases.contact_id,
        season_days.season,
        count(*) as season_purchase_count,
        max(case when season_days.is_newest then 1 else 0 end) = 1 as is_bought_last_time

    from purchases

    inner join contact_calendars on purchases.contact_id = contact_calendars.contact_id

    inner join season_days
        on
            contact_calendars.country_code = season_days.country_code
            and purchases.ordered_on = season_days.season_day

    group by purchases.contact_id, season_days.season

),

contact_season_purchases as (

    select
        season_purchases.contact_id,
        cast(season_purchases.season as {{ dbt.type_string() }}) as season,
        cast(season_purchases.season_purchase_count as {{ dbt.type_int() }}) as purchase_count,
        {{ rounded_ratio('season_purchases.season_purchase_count', 'totals.purchase_count', scale=4) }} as purchase_share,
        season_purchases.is_bought_last_time,
        {{ as_of_date() }} as as_of_date

    from season_purchases

    inner join totals on season_purchases.contact_id = totals.contact_id

)

select * from contact_season_purchases
