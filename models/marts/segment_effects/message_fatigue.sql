-- Guarantees that a week of a contact counts once. It compares different people, so it says what goes along with many
-- messages and not what they cause.
with

weeks as (

    select * from {{ ref('crm_segmentation', 'contact_message_weeks') }}
    where message_count > 0

),

seasons as (

    select * from {{ ref('crm_segmentation', 'seasons') }}
    where
        (country_code is null or country_code = '{{ var("default_country") }}')
        and season not in ('spring', 'summer', 'autumn', 'winter')

),

season_weeks as (

    select distinct weeks.week_starts_on

    from weeks

    inner join seasons
        on weeks.week_starts_on <= seasons.ends_on and {{ add_days('weeks.week_starts_on', 6) }} >= seasons.starts_on

),

classed as (

    select
        weeks.contact_id,
        case when weeks.message_count > 7 then 7 else weeks.message_count end as messages_per_week,
        season_weeks.week_starts_on is not null as is_season,
        case when weeks.has_unsubscribed then 1 else 0 end as unsubscribed,
        case when weeks.has_complained then 1 else 0 end as complained,
        case when weeks.opened_count > 0 then 1 else 0 end as opened

    from weeks

    left join season_weeks on weeks.week_starts_on = season_weeks.week_starts_on

),

counted as (

    select
        messages_per_week,
        is_season,
        count(*) as contact_week_count,
        sum(opened) as opened_count,
        sum(unsubscribed) as unsubscribed_count,
        sum(complained) as complained_count

    from classed

    group by messages_per_week, is_season

),

message_fatigue as (

    select
        cast(messages_per_week as {{ dbt.type_int() }}) as messages_per_week,
        is_season,
        cast(contact_week_count as bigint) as contact_week_count,
        cast(opened_count as bigint) as opened_count,
        cast(unsubscribed_count as bigint) as unsubscribed_count,
        cast(complained_count as bigint) as complained_count,
        {{ rates_with_intervals(['opened', 'unsubscribed', 'complained'], 'contact_week_count') | indent(4) }},
        {{ as_of_date() }} as as_of_date

    from counted

)

select * from message_fatigue
