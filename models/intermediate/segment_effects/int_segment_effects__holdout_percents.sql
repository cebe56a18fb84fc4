{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    unique_key=['valid_from'],
    on_schema_change='fail',
    full_refresh=false,
) }}

with

settings as (

    select
        {{ as_of_date() }} as valid_from,
        cast({{ var('global_holdout_percent') }} as numeric(7, 4)) as global_percent,
        cast({{ var('segment_holdout_percent') }} as numeric(7, 4)) as segment_percent

),

percents as (

    {% if is_incremental() -%}
    select * from {{ this }}
    {%- else -%}
    select * from settings
    where 1 = 0
    {%- endif %}

),

last_days as (

    select max(valid_from) as valid_from from percents

),

remembered as (

    select percents.*

    from percents

    inner join last_days on percents.valid_from = last_days.valid_from

),

-- Only what changes is written, and never anything about a day before the last one that is known.
changes as (

    select settings.*

    from settings

    left join remembered
        on
            settings.valid_from <= remembered.valid_from
            or (settings.global_percent = remembered.global_percent and settings.segment_percent = remembered.segment_percent)

    where remembered.valid_from is null

)

select * from changes
