with

seasons as (

    select
        season,
        year as season_year,
        starts_on,
        ends_on,
        coalesce(country_code, '') as country_code

    from {{ ref('crm_segmentation', 'seasons') }}

),

calendars as (

    select distinct country_code from seasons

    union distinct

    select '' as country_code

),

own_seasons as (

    select distinct
        season,
        season_year,
        country_code

    from seasons

),

-- The calendar '' is everybody's; a country with dates of its own for a season goes by those.
occurrences as (

    select
        calendars.country_code,
        seasons.season,
        seasons.season_year,
        seasons.starts_on,
        seasons.ends_on

    from calendars

    inner join seasons on calendars.country_code = seasons.country_code or seasons.country_code = ''

    left join own_seasons
        on
            calendars.country_code = own_seasons.country_code
            and seasons.season = own_seasons.season
            and seasons.season_year = own_seasons.season_year

    where seasons.country_code = coalesce(own_seasons.country_code, '')

)

select * from occurrences
