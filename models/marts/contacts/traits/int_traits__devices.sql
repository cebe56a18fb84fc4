with

recent_sessions as (

    select * from {{ ref('sessions') }}
    where contact_id is not null and {{ in_last_days('started_on', 365) }}

),

newest as (

    select
        contact_id,
        {%- for value in ['device_type', 'operating_system', 'app_version'] %}
        {{ value_at_lowest(value, '-session_number') }} as {{ value }},
        {%- endfor %}
        count(distinct device_type) as device_type_count

    from recent_sessions

    group by contact_id

),

read_versions as (

    select
        *,
        {{ parse_integer("split_part(app_version, '.', 1)") }} as app_major_version,
        coalesce({{ parse_integer("nullif(split_part(app_version, '.', 2), '')") }}, 0) as app_minor_version

    from newest

),

-- Generations are counted back from the newest version in use: 0 is the newest.
devices as (

    select
        contact_id,
        device_type,
        operating_system,
        app_version,
        device_type_count,
        case
            when app_major_version is not null
                then dense_rank() over (
                    partition by case when app_major_version is not null then 1 end
                    order by app_major_version desc, app_minor_version desc
                ) - 1
        end as app_generations_behind

    from read_versions

)

select * from devices
