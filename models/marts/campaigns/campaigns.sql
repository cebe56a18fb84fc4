{{ config(enabled=has_feature('campaigns')) }}

-- Guarantees a row for every campaign that a message names, declared or not, so that messages and campaigns join
-- without loss. A cost without an exchange rate is null and not 0.
with

known_campaigns as (

    select * from {{ ref('crm_segmentation', 'int_campaigns__known') }}

),

goals as (

    select * from {{ ref('crm_segmentation', 'campaign_goals') }}

),

seasons as (

    select * from {{ ref('crm_segmentation', 'seasons') }}
    where country_code is null or country_code = '{{ var("default_country") }}'

),

day_rates as (

    select * from {{ ref('crm_segmentation', 'int_commerce__day_rates') }}

),

-- A country's own days go before those of every country, then the shortest season: Christmas before winter.
ranked_seasons as (

    select
        known_campaigns.campaign_id,
        seasons.season,
        row_number() over (
            partition by known_campaigns.campaign_id
            order by
                case when seasons.country_code is null then 1 else 0 end asc,
                {{ days_between('seasons.starts_on', 'seasons.ends_on') }} asc,
                {{ by_code_point('seasons.season') }} asc
        ) as season_rank

    from known_campaigns

    inner join seasons
        on
            cast(known_campaigns.started_at as date) >= seasons.starts_on
            and cast(known_campaigns.started_at as date) <= seasons.ends_on

),

costs as (

    select
        known_campaigns.campaign_id,
        case
            when known_campaigns.currency = '{{ var("reporting_currency") }}' then round(known_campaigns.campaign_cost, 2)
            else {{ exchanged_amount('known_campaigns.campaign_cost', 'day_rates.rate_to_reporting_currency') }}
        end as exchanged_cost

    from known_campaigns

    left join day_rates
        on known_campaigns.currency = day_rates.currency and cast(known_campaigns.started_at as date) = day_rates.rated_on

),

campaigns as (

    select
        cast(known_campaigns.campaign_id as {{ dbt.type_string() }}) as campaign_id,
        known_campaigns.campaign_name,
        cast(known_campaigns.channel as {{ dbt.type_string() }}) as channel,
        known_campaigns.goal,
        cast(coalesce(goals.event_name, 'purchase') as {{ dbt.type_string() }}) as goal_event_name,
        cast(coalesce(known_campaigns.season, ranked_seasons.season) as {{ dbt.type_string() }}) as season,
        known_campaigns.offer,
        known_campaigns.started_at,
        known_campaigns.ended_at,
        cast(
            case when not {{ is_too_large('costs.exchanged_cost') }} then costs.exchanged_cost end as numeric(18, 2)
        ) as cost, -- noqa: RF04
        known_campaigns.is_declared

    from known_campaigns

    left join goals on known_campaigns.goal = goals.goal

    left join ranked_seasons on known_campaigns.campaign_id = ranked_seasons.campaign_id and ranked_seasons.season_rank = 1

    inner join costs on known_campaigns.campaign_id = costs.campaign_id

)

select * from campaigns
