-- Guarantees the same weekday, hour and channel in every build on the same events: of equals the earliest, and the
-- channel that is first in the alphabet.
with

active_hours as (

    select * from {{ ref('crm_segmentation', 'int_traits__active_hours') }}

),

weekdays as (

    select
        contact_id,
        local_weekday,
        row_number() over (partition by contact_id order by sum(moment_count) desc, local_weekday asc) as weekday_rank

    from active_hours

    where activity = 'visit'

    group by contact_id, local_weekday

),

hours as (

    select
        contact_id,
        activity,
        local_hour,
        row_number() over (partition by contact_id, activity order by sum(moment_count) desc, local_hour asc) as hour_rank,
        sum(sum(moment_count)) over (partition by contact_id, activity) as activity_count

    from active_hours

    group by contact_id, activity, local_hour

),

best_hours as (

    select
        *,
        row_number() over (
            partition by contact_id
            order by case when activity = 'visit' then 1 else 0 end asc, activity_count desc, activity asc
        ) as channel_rank

    from hours

    where hour_rank = 1

),

timing as (

    select
        best_hours.contact_id,
        max(weekdays.local_weekday) as most_active_weekday,
        max(case when best_hours.activity = 'visit' then best_hours.local_hour end) as most_active_hour,
        {%- for channel in ['email', 'sms', 'push'] %}
        max(case when best_hours.activity = '{{ channel }}' then best_hours.local_hour end) as best_{{ channel }}_hour,
        {%- endfor %}
        max(case when best_hours.channel_rank = 1 and best_hours.activity != 'visit' then best_hours.activity end) as best_channel

    from best_hours

    left join weekdays on best_hours.contact_id = weekdays.contact_id and weekdays.weekday_rank = 1

    group by best_hours.contact_id

)

select * from timing
