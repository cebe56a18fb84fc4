-- From how many messages a week on do contacts stop opening and start to leave, in and out of seasons?
with

fatigue as (

    select * from {{ ref('crm_segmentation', 'message_fatigue') }}

)

select
    is_season,
    messages_per_week,
    contact_week_count,
    opened_rate,
    unsubscribed_rate,
    unsubscribed_rate_low,
    unsubscribed_rate_high,
    complained_rate

from fatigue

order by is_season asc, messages_per_week asc
