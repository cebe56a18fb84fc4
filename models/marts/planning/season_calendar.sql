-- Guarantees the next time of every season and calendar, also of one in which nobody bought: it has 0 buyers then, and
-- its top three are null.
with

next_seasons as (

    select * from {{ ref('crm_segmentation', 'int_planning__next_seasons') }}

),

buyers as (

    select
        country_code,
        season,
        count(*) as last_buyer_count,
        count(case when not has_bought_since then 1 end) as lapsed_buyer_count

    from {{ ref('crm_segmentation', 'int_planning__buyers') }}

    group by country_code, season

),

categories as (

    select
        country_code,
        season,
        {{ first_three('category', 'category_rank') }} as top_categories

    from {{ ref('crm_segmentation', 'int_planning__categories') }}

    group by country_code, season

),

segments as (

    select
        ranked.country_code,
        ranked.season,
        {{ first_three('ranked.segment_name', 'ranked.segment_rank') }} as top_segments,
        {{ first_three('definitions.label', 'ranked.segment_rank') }} as top_segment_labels

    from {{ ref('crm_segmentation', 'int_planning__segments') }} as ranked

    left join {{ ref('crm_segmentation', 'segment_definitions') }} as definitions on ranked.segment_name = definitions.segment_name

    group by ranked.country_code, ranked.season

),

reach as (

    select * from {{ ref('crm_segmentation', 'int_planning__reach') }}

),

season_calendar as (

    select
        cast(next_seasons.season as {{ dbt.type_string() }}) as season,
        cast(coalesce(nullif(next_seasons.country_code, ''), '*') as {{ dbt.type_string() }}) as country_code,
        cast(next_seasons.season_year as {{ dbt.type_int() }}) as season_year,
        next_seasons.starts_on,
        next_seasons.ends_on,
        {{ add_days('next_seasons.starts_on', -var('season_planning_days')) }} as planning_starts_on,
        next_seasons.last_started_on,
        next_seasons.last_ended_on,
        cast(coalesce(buyers.last_buyer_count, 0) as {{ dbt.type_int() }}) as last_buyer_count,
        cast(case
            when next_seasons.last_ended_on < {{ as_of_date() }} then coalesce(buyers.lapsed_buyer_count, 0)
        end as {{ dbt.type_int() }}) as lapsed_buyer_count,
        cast(categories.top_categories as {{ dbt.type_string() }}) as top_categories,
        cast(segments.top_segments as {{ dbt.type_string() }}) as top_segments,
        next_seasons.is_high_season,
        cast(coalesce(reach.messageable_contact_count, 0) as {{ dbt.type_int() }}) as messageable_contact_count,
        cast(case
            when next_seasons.is_high_season then reach.messages_per_week_in_season
            else reach.messages_per_week
        end as {{ dbt.type_bigint() }}) as messages_per_week,
        {{ as_of_date() }} as as_of_date,
        cast(segments.top_segment_labels as {{ dbt.type_string() }}) as top_segment_labels

    from next_seasons

    left join buyers on next_seasons.country_code = buyers.country_code and next_seasons.season = buyers.season

    left join categories on next_seasons.country_code = categories.country_code and next_seasons.season = categories.season

    left join segments on next_seasons.country_code = segments.country_code and next_seasons.season = segments.season

    left join reach on next_seasons.country_code = reach.country_code

)

select * from season_calendar
