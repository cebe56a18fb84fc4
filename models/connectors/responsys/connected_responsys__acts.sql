{{ config(enabled=is_connected('responsys')) }}

-- Guarantees each event once, in UTC. An export gives an event no key: kind, recipient, launch, moment and link make one.
with

keyed_events as (

    select
        *,
        {{ in_utc('occurred_at', 'responsys') }} as utc_occurred_at,
        case when kind like 'sms%' then 'sms' when kind like 'push%' then 'push' else 'email' end as channel,
        replace(replace(kind, 'sms_', ''), 'push_', '') as act,
        {{ hashed_key([
            'kind', 'riid', "coalesce(campaign_id, '')", "coalesce(launch_id, '')", 'occurred_at', "coalesce(link, '')",
        ]) }} as event_id

    from {{ ref('crm_segmentation', 'landed_responsys__events') }}

),

ranked_events as (

    select
        *,
        row_number() over (
            partition by source_system, event_id
            order by loaded_at desc, {{ by_code_point("coalesce(email, '')") }}, {{ by_code_point("coalesce(bounce_type, '')") }}
        ) as copy_number

    from keyed_events

),

acts as (

    select
        source_system,
        event_id,
        act,
        channel,
        riid,
        campaign_id,
        bounce_type,
        loaded_at,
        utc_occurred_at as occurred_at

    from ranked_events

    where copy_number = 1

)

select * from acts
