{{ config(enabled=is_connected('responsys', 'raw_consents')) }}

-- Guarantees that a no is never lost, dated or not, and that a yes holds only while the status of today does not say no.
with

recipients as (

    select * from {{ ref('crm_segmentation', 'landed_responsys__profiles') }}
    where source_system in ({{ instances_feeding('responsys', 'raw_consents') }})

),

-- The status I is what whoever loads a list sets, and no yes.
refusals as (
    {%- for channel in ['email', 'sms'] %}

    select
        source_system,
        riid,
        '{{ channel }}' as channel,
        max(loaded_at) as loaded_at

    from recipients

    where upper({{ channel }}_permission) = 'O'

    group by source_system, riid
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

decisions as (

    select
        source_system,
        riid,
        channel,
        cast(null as timestamp) as occurred_at,
        loaded_at,
        'withdrawn' as consent_status

    from refusals

    union all

    select
        acts.source_system,
        acts.riid,
        acts.channel,
        acts.occurred_at,
        acts.loaded_at,
        case acts.act when 'opt_in' then 'granted' else 'withdrawn' end as consent_status

    from {{ ref('crm_segmentation', 'connected_responsys__acts') }} as acts

    left join refusals
        on acts.source_system = refusals.source_system and acts.riid = refusals.riid and acts.channel = refusals.channel

    where
        acts.source_system in ({{ instances_feeding('responsys', 'raw_consents') }})
        and (acts.act = 'opt_out' or (acts.act = 'opt_in' and refusals.riid is null))

),

consents as (

    select
        source_system,
        riid as source_contact_id,
        channel,
        occurred_at,
        loaded_at,
        consent_status,
        'responsys' as consent_source

    from decisions

)

select * from consents
