with

cut_points as (

    select * from {{ ref('rfm_cut_points') }}

),

presets as (

    select * from {{ ref('rfm_presets') }}
    where preset = '{{ var("rfm_preset") }}'

),

-- k cut points make k + 1 bands: below the first, between two, beyond the last.
lower_bounds as (

    select
        measure,
        cut_number as band_number,
        cut_point as lower_bound

    from cut_points

    union all

    select distinct
        measure,
        0 as band_number,
        cast(null as numeric(24, 6)) as lower_bound

    from cut_points

),

bands as (

    select
        measure,
        band_number,
        lower_bound,
        lead(lower_bound) over (partition by measure order by band_number asc) as upper_bound

    from lower_bounds

),

-- Few days since the last purchase are the best, so recency counts down.
scored_bands as (

    select
        bands.measure,
        cast(
            case
                when bands.measure = 'recency' then presets.highest_score - bands.band_number
                else presets.lowest_score + bands.band_number
            end as {{ dbt.type_int() }}
        ) as score,
        bands.lower_bound,
        bands.upper_bound,
        {{ 'true' if var('rfm_method') == 'thresholds' else 'false' }} as includes_lower_bound

    from bands

    cross join presets

)

select * from scored_bands
