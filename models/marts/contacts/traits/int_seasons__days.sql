with

seasons as (

    select
        season,
        year as season_year,
        starts_on,
        ends_on,
        coalesce(country_code, '') as country_code

    from {{ ref('crm_segmentation', 'seasons') }}
    where starts_on <= {{ as_of_date() }}

),

digits as (

    {{ integers(0, 31) | indent(4) }}

),

-- 0 to 1,023.
offsets as (

    select digits.number * 32 + low_digits.number as number

    from digits

    cross join digits as low_digits

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
calendar_seasons as (

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

),

season_days as (

    select distinct
        calendar_seasons.country_code,
        calendar_seasons.season,
        {{ add_days('calendar_seasons.starts_on', 'offsets.number') }} as season_day,
        calendar_seasons.season_year,
        dense_rank() over (
            partition by calendar_seasons.country_code, calendar_seasons.season
            order by calendar_seasons.season_year desc
        ) = 1 as is_newest

    from calendar_seasons

    inner join offsets on offsets.number <= {{ days_between('calendar_seasons.starts_on', 'calendar_seasons.ends_on') }}

)

select * from season_days
