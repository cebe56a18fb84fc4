{%- set first_values = ['page_path', 'channel', 'campaign_id', 'device_type', 'operating_system', 'app_version'] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ crm_segmentation.delete_sessions_of_touched_people(ref('crm_segmentation', 'int_activity__stale_days')) }}",
    post_hook="{{ crm_segmentation.forget_texts_of_sessions() }}",
) }}

-- Visits of erased people are emptied before they are read.
-- depends_on: {{ ref('crm_segmentation', 'int_activity__erased_visitors') }}
-- depends_on: {{ ref('crm_segmentation', 'int_identity__assignments') }}

with

visits as (

    select * from {{ ref('crm_segmentation', 'int_activity__visits') }}

),

visitors as (

    select * from {{ ref('crm_segmentation', 'int_contacts__visitors') }}

),

owner_changes as (

    select coalesce(max(change_number), 0) as owner_change_number
    from {{ ref('crm_segmentation', 'int_contacts__visitor_owners') }}

),

owned_visits as (

    select
        visits.*,
        visitors.contact_id,
        {{ person_key('visits') }} as person_key

    from visits

    left join visitors
        on
            {{ same_visitor('visits') }}

),
{%- if is_incremental() %}

people_with_sessions as (

    select distinct person_key from {{ this }}

),

visits_to_join as (

    select owned_visits.*

    from owned_visits

    left join people_with_sessions on owned_visits.person_key = people_with_sessions.person_key

    where people_with_sessions.person_key is null

),
{%- else %}

visits_to_join as (

    select * from owned_visits

),
{%- endif %}

numbered as (

    select
        *,
        row_number() over (
            partition by person_key
            order by
                started_at asc,
                {{ by_code_point('source_system') }} asc,
                visitor_type asc,
                {{ by_code_point('visitor_id') }} asc
        ) as visit_order

    from visits_to_join

),

-- Visits on two devices may overlap, so silence is counted from the latest end so far.
with_silence as (

    select
        *,
        max(ended_at) over (
            partition by person_key
            order by visit_order asc
            rows between unbounded preceding and 1 preceding
        ) as silent_since

    from numbered

),

in_sessions as (

    select
        *,
        sum(case when {{ is_new_session('silent_since', 'started_at') }} then 1 else 0 end) over (
            partition by person_key
            order by visit_order asc
            rows unbounded preceding
        ) as session_number

    from with_silence

),

session_facts as (

    select
        person_key,
        contact_id,
        session_number,
        min(started_at) as started_at,
        max(ended_at) as ended_at,
        sum(event_count) as event_count,
        {%- for name in ['page_viewed', 'product_viewed', 'cart_added', 'checkout_started'] %}
        sum({{ name }}_count) as {{ name }}_count,
        {%- endfor %}
        {{ value_at_lowest('source_system', 'visit_order') }} as source_system,
        {{ value_at_lowest('visitor_type', 'visit_order') }} as visitor_type,
        {{ value_at_lowest('visitor_id', 'visit_order') }} as visitor_id,
        {%- for value in first_values %}
        {{ value_at_lowest('first_' ~ value, 'visit_order') }} as first_{{ value }},
        {%- endfor %}
        {{ value_at_lowest('last_page_path', '-visit_order') }} as last_page_path,
        max(as_of_date) as as_of_date

    from in_sessions

    group by person_key, contact_id, session_number

),

sessions as (

    select
        session_facts.person_key,
        cast({{ hashed_key(['session_facts.person_key', 'session_facts.started_at']) }} as {{ dbt.type_string() }}) as session_id,
        session_facts.contact_id,
        session_facts.source_system,
        case when session_facts.contact_id is null and session_facts.visitor_type = 'contact' then session_facts.visitor_id end
            as source_contact_id,
        case when session_facts.contact_id is null and session_facts.visitor_type = 'anonymous' then session_facts.visitor_id end
            as anonymous_id,
        cast(session_facts.session_number as {{ dbt.type_int() }}) as session_number,
        session_facts.started_at,
        session_facts.ended_at,
        cast(session_facts.event_count as {{ dbt.type_int() }}) as event_count,
        cast(session_facts.page_viewed_count as {{ dbt.type_int() }}) as page_view_count,
        cast(session_facts.product_viewed_count as {{ dbt.type_int() }}) as product_view_count,
        cast(session_facts.cart_added_count as {{ dbt.type_int() }}) as cart_addition_count,
        cast(session_facts.checkout_started_count as {{ dbt.type_int() }}) as checkout_count,
        session_facts.first_page_path,
        session_facts.last_page_path,
        session_facts.first_channel as channel,
        session_facts.first_campaign_id as campaign_id,
        session_facts.first_device_type as device_type,
        session_facts.first_operating_system as operating_system,
        session_facts.first_app_version as app_version,
        owner_changes.owner_change_number,
        session_facts.as_of_date

    from session_facts

    cross join owner_changes

)

select * from sessions
