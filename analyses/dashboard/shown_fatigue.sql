-- How many messages a week are too many?
select
    messages_per_week,
    contact_week_count,
    opened_count,
    unsubscribed_count,
    opened_rate,
    opened_rate_low,
    opened_rate_high,
    unsubscribed_rate,
    case when is_season then 'high season' else 'rest of the year' end as season
from {{ ref('crm_segmentation', 'message_fatigue') }}
order by messages_per_week asc, season asc
