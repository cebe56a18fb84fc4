-- Which seasons come next, who bought in them last time, and how much may be sent? Calendars with nobody in them are left out.
select
    replace(season, '_', ' ') as season,
    case country_code when '*' then 'other countries' else country_code end as country,
    cast(starts_on as {{ dbt.type_string() }}) as starts_on,
    cast(ends_on as {{ dbt.type_string() }}) as ends_on,
    cast(planning_starts_on as {{ dbt.type_string() }}) as planning_starts_on,
    case when planning_starts_on <= as_of_date then 'now' else 'later' end as planning_begins,
    last_buyer_count,
    lapsed_buyer_count,
    replace(replace(trim(both '|' from top_categories), '|', ', '), '_', ' ') as top_categories,
    replace(replace(trim(both '|' from top_segments), '|', ', '), '_', ' ') as top_segments,
    case when is_high_season then 'yes' else 'no' end as high_season,
    messageable_contact_count,
    messages_per_week
from {{ ref('crm_segmentation', 'season_calendar') }}
where messageable_contact_count > 0 or last_buyer_count > 0
order by starts_on asc, season asc, country asc
