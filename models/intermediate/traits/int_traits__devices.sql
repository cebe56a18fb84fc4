-- Guarantees one row per contact, with a device that was really seen: all of it is from one session.
with

recent_sessions as (

    select * from {{ ref('crm_segmentation', 'sessions') }}
    where contact_id is not null and {{ in_last_days('started_on', 365) }}

),

device_counts as (

    select
        contact_id,
        cast(count(distinct device_type) as {{ dbt.type_int() }}) as device_type_count,
        max(case when coalesce(device_type, operating_system, app_version) is not null then session_number end) as told_by_session_number

    from recent_sessions

    group by contact_id

),

-- All of it from one session: the system of one device beside the app of another is nobody's device.
newest as (

    select
        device_counts.contact_id,
        recent_sessions.device_type,
        recent_sessions.operating_system,
        recent_sessions.app_version,
        device_counts.device_type_count

    from device_counts

    left join recent_sessions
        on
            device_counts.contact_id = recent_sessions.contact_id
            and device_counts.told_by_session_number = recent_sessions.session_number

),

read_versions as (

    select
        *,
        {{ parse_integer(text_part('app_version', '.', 1)) }} as app_major_version,
        coalesce({{ parse_integer("nullif(" ~ text_part('app_version', '.', 2) ~ ", '')") }}, 0) as app_minor_version

    from newest

),

-- Generations are counted back from the newest version in use on an operating system, which has numbers of its own: 0 is the newest.
devices as (

    select
        contact_id,
        device_type,
        operating_system,
        app_version,
        device_type_count,
        case
            when app_major_version is not null
                then cast(dense_rank() over (
                    partition by operating_system, case when app_major_version is not null then 1 end
                    order by app_major_version desc, app_minor_version desc
                ) - 1 as {{ dbt.type_int() }})
        end as app_generations_behind

    from read_versions

)

select * from devices
