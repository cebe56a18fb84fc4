with

season_purchases as (

    select * from {{ ref('crm_segmentation', 'contact_season_purchases') }}
    where is_bought_last_time

),

contact_calendars as (

    select * from {{ ref('crm_segmentation', 'int_seasons__contact_calendars') }}

),

next_seasons as (

    select * from {{ ref('crm_segmentation', 'int_planning__next_seasons') }}

),

purchase_summaries as (

    select * from {{ ref('crm_segmentation', 'contact_purchase_summaries') }}

),

buyers as (

    select
        contact_calendars.country_code,
        season_purchases.season,
        season_purchases.contact_id,
        purchase_summaries.last_purchase_on > next_seasons.last_ended_on as has_bought_since

    from season_purchases

    inner join contact_calendars on season_purchases.contact_id = contact_calendars.contact_id

    inner join purchase_summaries on season_purchases.contact_id = purchase_summaries.contact_id

    inner join next_seasons
        on contact_calendars.country_code = next_seasons.country_code and season_purchases.season = next_seasons.season

)

select * from buyers
