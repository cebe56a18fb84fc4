-- Guarantees that hours and weekdays are those of the contact's own time zone, summer time included.
with

{{ imports({'visitors': 'int_behaviour__visitors', 'contacts': 'contacts'}) }}

-- Only the first response of a day counts, because it says at which hour the contact had time to read.
active_moments as (

    select
        contact_id,
        'visit' as activity,
        started_at as active_at

    from {{ ref('crm_segmentation', 'sessions') }}

    where contact_id is not null and {{ in_last_days('started_on', 90) }}

    union all

    select
        visitors.contact_id,
        responses.channel as activity,
        responses.first_occurred_at as active_at

    from {{ ref('crm_segmentation', 'int_activity__daily') }} as responses

    inner join visitors
        on
            {{ same_visitor('responses') }}

    where
        {{ in_last_days('responses.occurred_on', 90) }}
        and responses.event_name in ('message_opened', 'message_clicked', 'message_replied')
        and responses.channel in ('email', 'sms', 'push')

),

zoned_moments as (

    select
        active_moments.contact_id,
        active_moments.activity,
        active_moments.active_at,
        cast({{ dbt.date_trunc('hour', 'active_moments.active_at') }} as timestamp) as utc_hour,
        coalesce(contacts.time_zone, 'UTC') as time_zone

    from active_moments

    inner join contacts on active_moments.contact_id = contacts.contact_id

),

-- Calendars are slow to ask: once for each zone and hour, not for each moment.
clocks as (

    select
        time_zone,
        utc_hour,
        {{ dbt.datediff('utc_hour', local_time('utc_hour', 'time_zone'), 'second') }} as offset_seconds -- noqa: LT05

    from zoned_moments

    group by time_zone, utc_hour

),

local_moments as (

    select
        zoned_moments.contact_id,
        zoned_moments.activity,
        {{ dbt.dateadd('second', 'clocks.offset_seconds', 'zoned_moments.active_at') }} as active_at

    from zoned_moments

    inner join clocks
        on
            zoned_moments.time_zone = clocks.time_zone
            and zoned_moments.utc_hour = clocks.utc_hour

),

active_hours as (

    select
        contact_id,
        activity,
        {{ iso_weekday('active_at') }} as local_weekday,
        cast(extract(hour from active_at) as {{ dbt.type_int() }}) as local_hour,
        count(*) as moment_count

    from local_moments

    group by contact_id, activity, {{ iso_weekday('active_at') }}, cast(extract(hour from active_at) as {{ dbt.type_int() }})

)

select * from active_hours
