with

occurrences as (

    select * from {{ ref('crm_segmentation', 'int_seasons__occurrences') }}

),

starts as (

    select
        country_code,
        season,
        min(case when starts_on > {{ as_of_date() }} then starts_on end) as next_starts_on,
        max(case when starts_on <= {{ as_of_date() }} then starts_on end) as last_started_on

    from occurrences

    group by country_code, season

),

next_seasons as (

    select
        upcoming.country_code,
        upcoming.season,
        upcoming.season_year,
        upcoming.starts_on,
        upcoming.ends_on,
        starts.last_started_on,
        begun.ends_on as last_ended_on,
        {{ is_in_high_season('upcoming.starts_on') | indent(8) }} as is_high_season

    from starts

    inner join occurrences as upcoming
        on
            starts.country_code = upcoming.country_code
            and starts.season = upcoming.season
            and starts.next_starts_on = upcoming.starts_on

    left join occurrences as begun
        on
            starts.country_code = begun.country_code
            and starts.season = begun.season
            and starts.last_started_on = begun.starts_on

)

select * from next_seasons
