{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    unique_key=['record_id', 'build_number'],
    full_refresh=false,
    on_schema_change='fail',
) }}

-- Guarantees: who asked is erased for good; with them who was their twin in the build before, or arrives together with the request
-- and is older than it; nobody who joins later. A decision of seeds/reference/erasure_decisions.csv goes before all but a request.
with

{{ imports({'signals': 'int_identity__erasure_signals'}) }}

decisions as (

    select * from {{ ref('crm_segmentation', 'erasure_decisions') }}
    where decided_on <= {{ as_of_date() }}

),

{{ memory(before=erasures_of_the_ledger(), newest=erasures_as_of('all_entries')) }}

states as (

    select
        signals.first_seen_at,
        signals.asked_at,
        decisions.decision,
        known.twin_id as previous_twin_id,
        known.erasure_reason as previous_reason,
        known.erased_at as previous_erased_at,
        known.record_id is not null as is_known,
        coalesce(signals.record_id, known.record_id) as record_id,
        coalesce(signals.twin_id, known.twin_id, signals.record_id, known.record_id) as twin_id,
        coalesce(signals.is_asking, false) or coalesce(known.erasure_reason, '') = 'request' as has_asked

    from signals

    full outer join known on signals.record_id = known.record_id

    left join decisions on coalesce(signals.record_id, known.record_id) = decisions.record_id

),

newly_erased as (

    select
        *,
        coalesce(asked_at, cast({{ as_of_date() }} as timestamp)) as erased_at

    from states

    where previous_reason is null and (has_asked or coalesce(decision, '') = 'erase')

),

-- former_twins: who was one person with them on the day before. new_twins: who comes to be known together with the request; a moment
-- that cannot be read lies after everybody's beginning.
{%- for relation, twin_id in {'former_twins': 'previous_twin_id', 'new_twins': 'twin_id'}.items() %}

{{ relation }} as (

    select
        {{ twin_id }} as twin_id,
        min(erased_at) as erased_at,
        max(coalesce(asked_at, {{ as_of_end() }})) as last_asked_at

    from newly_erased

    where {{ twin_id }} is not null

    group by {{ twin_id }}

),
{%- endfor %}

with_reasons as (

    select
        states.*,
        case
            when states.has_asked then 'request'
            when states.decision = 'erase' then 'decision'
            when states.decision = 'release' then null
            when states.previous_reason is not null then states.previous_reason
            when former_twins.twin_id is not null then 'twin'
            when states.previous_twin_id is null and states.first_seen_at <= new_twins.last_asked_at then 'twin'
        end as erasure_reason,
        coalesce(
            states.previous_erased_at, states.asked_at, former_twins.erased_at, new_twins.erased_at, cast({{ as_of_date() }} as timestamp)
        ) as erased_at

    from states

    left join former_twins on states.previous_twin_id = former_twins.twin_id

    left join new_twins on states.twin_id = new_twins.twin_id

),

erasures as (

    select
        with_reasons.record_id,
        builds.build_number,
        {{ as_of_date() }} as known_on,
        with_reasons.twin_id,
        cast(with_reasons.erasure_reason as {{ dbt.type_string() }}) as erasure_reason,
        case when with_reasons.erasure_reason is not null then with_reasons.erased_at end as erased_at

    from with_reasons

    cross join builds

    where
        not with_reasons.is_known
        or with_reasons.twin_id != coalesce(with_reasons.previous_twin_id, '')
        or coalesce(with_reasons.erasure_reason, '') != coalesce(with_reasons.previous_reason, '')

)

select * from erasures
