{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    on_schema_change='fail',
    pre_hook="{{ crm_segmentation.delete_sessions_of_touched_people(ref('crm_segmentation', 'int_activity__stale_days')) }}",
    post_hook="{{ crm_segmentation.forget_texts_of_sessions() }}",
) }}

-- Guarantees that a person's sessions are built from all visits of the person at once: the pre-hook has deleted the sessions of whoever
-- they may have changed for, and the model builds those of everybody who has none. Visits of erased people are emptied before that.
-- depends_on: {{ ref('crm_segmentation', 'int_identity__erased_visitors') }}
-- depends_on: {{ ref('crm_segmentation', 'int_identity__assignments') }}

with

owner_changes as (

    select coalesce(max(change_number), 0) as owner_change_number
    from {{ ref('crm_segmentation', 'int_contacts__visitor_owners') }}

),
{%- if is_incremental() %}

people_with_sessions as (

    select distinct person_key from {{ this }}

),
{%- endif %}

visits_to_join as (

    select owned_visits.*

    from {{ ref('crm_segmentation', 'int_behaviour__owned_visits') }} as owned_visits
    {%- if is_incremental() %}

    left join people_with_sessions on owned_visits.person_key = people_with_sessions.person_key

    where people_with_sessions.person_key is null
    {%- endif %}

),

numbered as (

    select
        *,
        row_number() over (
            partition by person_key
            order by started_at asc, {{ by_code_point('source_system') }} asc, visitor_type asc, {{ by_code_point('visitor_id') }} asc
        ) as visit_order

    from visits_to_join

),

-- Visits on two devices may overlap, so silence is counted from the latest end so far.
with_silence as (

    select
        *,
        max(ended_at) over (
            partition by person_key order by visit_order asc rows between unbounded preceding and 1 preceding
        ) as silent_since

    from numbered

),

in_sessions as (

    select
        *,
        sum(case when {{ is_new_session('silent_since', 'started_at') }} then 1 else 0 end) over (
            partition by person_key order by visit_order asc rows unbounded preceding
        ) as session_number

    from with_silence

),

joined_visits as (

    select
        cast({{ hashed_key(['person_key', 'min(started_at)']) }} as {{ dbt.type_string() }}) as session_id,
        person_key,
        contact_id,
        {{ value_at_lowest('source_system', 'visit_order') }} as source_system,
        {%- for visitor_type, key in {'contact': 'source_contact_id', 'anonymous': 'anonymous_id'}.items() %}
        case
            when contact_id is null and {{ value_at_lowest('visitor_type', 'visit_order') }} = '{{ visitor_type }}'
                then {{ value_at_lowest('visitor_id', 'visit_order') }}
        end as {{ key }},
        {%- endfor %}
        cast(session_number as {{ dbt.type_int() }}) as session_number,
        min(started_at) as started_at,
        max(ended_at) as ended_at,
        {%- for visit_count, session_count in {
            'event_count': 'event_count', 'page_viewed_count': 'page_view_count', 'product_viewed_count': 'product_view_count',
            'cart_added_count': 'cart_addition_count', 'checkout_started_count': 'checkout_count',
        }.items() %}
        cast(sum({{ visit_count }}) as {{ dbt.type_int() }}) as {{ session_count }},
        {%- endfor %}
        {{ value_at_lowest('first_page_path', 'visit_order') }} as first_page_path,
        {{ value_at_lowest('last_page_path', '-visit_order') }} as last_page_path,
        {%- for value in ['channel', 'campaign_id', 'device_type', 'operating_system', 'app_version'] %}
        {{ value_at_lowest('first_' ~ value, 'visit_order') }} as {{ value }},
        {%- endfor %}
        max(as_of_date) as as_of_date

    from in_sessions

    group by person_key, contact_id, session_number

),

sessions as (

    select
        joined_visits.*,
        owner_changes.owner_change_number

    from joined_visits

    cross join owner_changes

)

select * from sessions
