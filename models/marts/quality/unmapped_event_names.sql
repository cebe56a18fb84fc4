with

events as (

    select * from {{ ref('stg_activity__events') }}

),

unmapped_event_names as (

    select
        source_system,
        cast(event_name as {{ dbt.type_string() }}) as event_name,
        cast(count(*) as bigint) as event_count,
        min(occurred_at) as first_occurred_at,
        max(occurred_at) as last_occurred_at

    from events

    where not is_known_event_name

    group by source_system, event_name

)

select * from unmapped_event_names
