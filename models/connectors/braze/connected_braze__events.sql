{{ config(enabled=is_connected('braze', 'raw_events')) }}

with

messages as (

    select * from {{ ref('crm_segmentation', 'connected_braze__messages') }}
    where source_system in ({{ instances_feeding('braze', 'raw_events') }})

),

-- A session that ends began before. The first session of a person is a session, too.
behaviours as (

    select
        *,
        case when table_name like '%session%' then 'visited' else event_name end as behaviour

    from {{ ref('crm_segmentation', 'landed_braze__behaviours') }}

    where
        source_system in ({{ instances_feeding('braze', 'raw_events') }})
        and (event_type is null or table_name not like '%session%' or lower(event_type) like '%sessionstart')

),

events as (

    select
        source_system,
        event_id,
        user_id as source_contact_id,
        event_name,
        occurred_at,
        campaign_id,
        loaded_at,
        channel,
        cast(null as {{ dbt.type_string() }}) as operating_system,
        cast(null as {{ dbt.type_string() }}) as properties

    from messages

    union all

    select
        source_system,
        event_id,
        user_id as source_contact_id,
        behaviour as event_name,
        occurred_at,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        loaded_at,
        case when lower(platform) in ('ios', 'android') then 'app' else 'web' end as channel,
        case when lower(platform) in ('ios', 'android') then lower(platform) end as operating_system,
        properties

    from behaviours

)

select * from events
