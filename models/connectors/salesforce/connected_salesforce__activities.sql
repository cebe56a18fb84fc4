{{ config(enabled=is_connected('salesforce', 'raw_events')) }}

with

-- A task is something to do. Done, and a call or a mass e-mail, it reached somebody; who wrote an e-mail of its own kind it does not say.
calls_and_mails as (

    select
        source_system,
        person_id,
        coalesce(completed_at, due_on) as occurred_at,
        loaded_at,
        case when lower(task_subtype) = 'listemail' then 'email' else 'phone' end as channel,
        case when lower(task_subtype) = 'listemail' then 'message_sent' else 'offline_contacted' end as event_name,
        task_id as event_id

    from {{ ref('crm_segmentation', 'landed_salesforce__tasks') }}

    where
        is_closed
        and person_id is not null
        and not coalesce(is_in_recycle_bin, false)
        and (lower(task_subtype) in ('call', 'listemail') or lower(task_type) = 'call')

),

-- A meeting counts once, however many were invited, and when it is over.
meetings as (

    select
        source_system,
        person_id,
        started_at as occurred_at,
        loaded_at,
        cast(null as {{ dbt.type_string() }}) as channel,
        'offline_contacted' as event_name,
        meeting_id as event_id

    from {{ ref('crm_segmentation', 'landed_salesforce__meetings') }}

    where
        person_id is not null
        and coalesce(ended_at, started_at) < {{ as_of_end() }}
        and not coalesce(is_child, false)
        and not coalesce(is_series, false)
        and not coalesce(is_in_recycle_bin, false)

),

activities as (

    select * from calls_and_mails

    union all

    select * from meetings

)

select * from activities
