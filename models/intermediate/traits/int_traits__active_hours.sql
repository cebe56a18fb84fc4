with

sessions as (

    select * from {{ ref('crm_segmentation', 'sessions') }}
    where contact_id is not null and {{ in_last_days('started_on', 90) }}

),

responses as (

    select * from {{ ref('crm_segmentation', 'int_activity__daily') }}
    where
        {{ in_last_days('occurred_on', 90) }}
        and event_name in ('message_opened', 'message_clicked', 'message_replied')
        and channel in ('email', 'sms', 'push')

),

visitors as (

    select * from {{ ref('crm_segmentation', 'int_contacts__visitors') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}

),

-- Only the first response of a day counts, because it says at which hour the contact had time to read.
active_moments as (

    select
        contact_id,
        'visit' as activity,
        started_at as active_at

    from sessions

    union all

    select
        visitors.contact_id,
        responses.channel as activity,
        responses.first_occurred_at as active_at

    from responses

    inner join visitors
        on
            {{ same_visitor('responses') }}

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

zone_hours as (

    select distinct
        time_zone,
        utc_hour

    from zoned_moments

),

-- Calendars are slow to ask: once for each zone and hour, not for each moment.
clocks as (

    select
        time_zone,
        utc_hour,
        {{ local_time('utc_hour', 'time_zone') }} as local_hour

    from zone_hours

),

clock_offsets as (

    select
        time_zone,
        utc_hour,
        {{ dbt.datediff('utc_hour', 'local_hour', 'second') }} as offset_seconds

    from clocks

),

local_moments as (

    select
        zoned_moments.contact_id,
        zoned_moments.activity,
        {{ dbt.dateadd('second', 'clock_offsets.offset_seconds', 'zoned_moments.active_at') }} as active_at

    from zoned_moments

    inner join clock_offsets
        on
            zoned_moments.time_zone = clock_offsets.time_zone
            and zoned_moments.utc_hour = clock_offsets.utc_hour

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
