with

occurrences as (

    select * from {{ ref('crm_segmentation', 'int_seasons__occurrences') }}
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

season_days as (

    select distinct
        occurrences.country_code,
        occurrences.season,
        {{ add_days('occurrences.starts_on', 'offsets.number') }} as season_day,
        occurrences.season_year,
        dense_rank() over (
            partition by occurrences.country_code, occurrences.season
            order by occurrences.season_year desc
        ) = 1 as is_newest

    from occurrences

    inner join offsets on offsets.number <= {{ days_between('occurrences.starts_on', 'occurrences.ends_on') }}

)

select * from season_days
