with

daily as (

    select * from {{ ref('crm_segmentation', 'int_activity__daily') }}

),

unmapped_event_names as (

    select
        source_system,
        cast(event_name as {{ dbt.type_string() }}) as event_name,
        cast(sum(event_count) as bigint) as event_count,
        min(first_occurred_at) as first_occurred_at,
        max(last_occurred_at) as last_occurred_at

    from daily

    where not is_known_event_name

    group by source_system, event_name

)

select * from unmapped_event_names
