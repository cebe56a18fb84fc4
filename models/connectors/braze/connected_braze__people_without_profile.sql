{{ config(enabled=is_connected('braze')) }}

-- Guarantees a person for every key that has decided something, because a no of somebody whose profile is gone still
-- holds.
with

users as (

    select * from {{ ref('crm_segmentation', 'landed_braze__users') }}

),

traces as (

    select
        source_system,
        user_id,
        occurred_at,
        loaded_at,
        change_id as trace_id,
        email,
        phone,
        external_id

    from {{ ref('crm_segmentation', 'landed_braze__subscription_changes') }}

    union all

    select
        source_system,
        user_id,
        occurred_at,
        loaded_at,
        event_id as trace_id,
        email,
        phone,
        external_id

    from {{ ref('crm_segmentation', 'landed_braze__messages') }}
    {%- for relation, event_id in {'landed_braze__orphans': 'orphan_event_id', 'landed_braze__deletions': 'deletion_event_id'}.items() %}

    union all

    select
        source_system,
        user_id,
        occurred_at,
        loaded_at,
        {{ event_id }} as trace_id,
        cast(null as {{ dbt.type_string() }}) as email,
        cast(null as {{ dbt.type_string() }}) as phone,
        cast(null as {{ dbt.type_string() }}) as external_id

    from {{ ref('crm_segmentation', relation) }}
    {%- endfor %}

),

ranked_traces as (

    select
        *,
        row_number() over (
            partition by source_system, user_id
            order by occurred_at desc nulls last, {{ by_code_point('trace_id') }}
        ) as trace_place

    from traces

),

people_without_profile as (

    select
        ranked_traces.source_system,
        ranked_traces.user_id,
        min(ranked_traces.occurred_at) as created_at,
        max(ranked_traces.loaded_at) as loaded_at,
        {{ value_at_lowest('ranked_traces.email', 'ranked_traces.trace_place') }} as email,
        {{ value_at_lowest('ranked_traces.phone', 'ranked_traces.trace_place') }} as phone,
        {{ value_at_lowest('ranked_traces.external_id', 'ranked_traces.trace_place') }} as external_id

    from ranked_traces

    left join users on ranked_traces.source_system = users.source_system and ranked_traces.user_id = users.user_id

    where users.user_id is null

    group by ranked_traces.source_system, ranked_traces.user_id

)

select * from people_without_profile
