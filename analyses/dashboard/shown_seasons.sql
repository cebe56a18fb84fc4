-- Which seasons come next, who bought in them last time, and how much may be sent? Calendars with nobody in them are left out.
select
    calendar.last_buyer_count,
    calendar.lapsed_buyer_count,
    calendar.messageable_contact_count,
    calendar.messages_per_week,
    coalesce(season_labels.label, {{ crm_segmentation.in_words('calendar.season') }}) as season,
    coalesce(country_labels.label, calendar.country_code) as country,
    cast(calendar.starts_on as {{ dbt.type_string() }}) as starts_on,
    cast(calendar.ends_on as {{ dbt.type_string() }}) as ends_on,
    cast(calendar.planning_starts_on as {{ dbt.type_string() }}) as planning_starts_on,
    case when calendar.planning_starts_on <= calendar.as_of_date then 'now' else 'later' end as planning_begins,
    replace(replace(trim(both '|' from calendar.top_categories), '|', ', '), '_', ' ') as top_categories,
    replace(trim(both '|' from calendar.top_segment_labels), '|', '; ') as top_segments,
    case when calendar.is_high_season then 'yes' else 'no' end as high_season
from {{ ref('crm_segmentation', 'season_calendar') }} as calendar
left join {{ ref('crm_segmentation', 'code_labels') }} as season_labels
    on season_labels.code_kind = 'season' and calendar.season = season_labels.code
left join {{ ref('crm_segmentation', 'code_labels') }} as country_labels
    on country_labels.code_kind = 'country_code' and calendar.country_code = country_labels.code
where calendar.messageable_contact_count > 0 or calendar.last_buyer_count > 0
order by starts_on asc, season asc, country asc
