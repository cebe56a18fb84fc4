with

season_purchases as (

    select * from {{ ref('crm_segmentation', 'contact_season_purchases') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by contact_id
            order by purchase_count desc, {{ by_code_point('season') }} asc
        ) as season_rank

    from season_purchases

),

seasons as (

    select
        contact_id,
        max(case when season_rank = 1 then season end) as top_season,
        cast(max(case when season_rank = 1 then purchase_share end) as numeric(18, 4)) as top_season_share,
        cast(max(case when season = 'black_friday' then purchase_share end) as numeric(18, 4)) as black_friday_share,
        cast(max(case when season = 'christmas' then purchase_share end) as numeric(18, 4)) as christmas_share,
        max(case when season = 'black_friday' and is_bought_last_time then 1 else 0 end) = 1 as bought_last_black_friday,
        {{ text_list('case when is_bought_last_time then season end') }} as last_seasons_bought

    from ranked

    group by contact_id

)

select * from seasons
