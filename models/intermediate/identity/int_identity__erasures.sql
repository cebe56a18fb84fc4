{{ config(
    materialized='incremental',
    incremental_strategy='append',
    unique_key=['record_id', 'build_number'],
    full_refresh=false,
    on_schema_change='fail',
) }}

{# Guarantees: who asked is erased for good; with them who was their twin in the build before, or arrives together with the request and
   is older than it; nobody who joins later. A decision of seeds/reference/erasure_decisions.csv goes before all but a request. #}

with

records as (

    select * from {{ ref('crm_segmentation', 'int_identity__records') }}

),

twins as (

    select * from {{ ref('crm_segmentation', 'int_identity__twins') }}

),

requests as (

    select * from {{ ref('crm_segmentation', 'int_identity__erasure_requests') }}

),

decisions as (

    select * from {{ ref('crm_segmentation', 'erasure_decisions') }}
    where decided_on <= {{ as_of_date() }}

),

all_entries as (

    {% if is_incremental() -%}
    select * from {{ this }}
    {%- else -%}
    {{ erasures_of_the_ledger() }}
    {%- endif %}

),

builds as (

    select coalesce(max(build_number), 0) + 1 as build_number
    from all_entries

),

known as (

    {{ erasures_as_of('all_entries') }}

),

present as (

    select
        records.record_id,
        records.first_seen_at,
        first_value(records.record_id) over (
            partition by coalesce(twins.component, records.record_number)
            order by records.first_seen_at asc, records.record_id asc
        ) as twin_id

    from records

    left join twins on records.record_number = twins.node

),

everybody as (

    select record_id from present

    union distinct

    select record_id from known

    union distinct

    select record_id from requests

),

states as (

    select
        everybody.record_id,
        present.first_seen_at,
        known.twin_id as previous_twin_id,
        known.erasure_reason as previous_reason,
        known.erased_at as previous_erased_at,
        requests.asked_at,
        decisions.decision,
        known.record_id is not null as is_known,
        coalesce(present.twin_id, known.twin_id, everybody.record_id) as twin_id,
        requests.record_id is not null or coalesce(known.erasure_reason, '') = 'request' as has_asked

    from everybody

    left join present on everybody.record_id = present.record_id

    left join known on everybody.record_id = known.record_id

    left join requests on everybody.record_id = requests.record_id

    left join decisions on everybody.record_id = decisions.record_id

),

newly_erased as (

    select
        *,
        coalesce(asked_at, cast({{ as_of_date() }} as timestamp)) as erased_at

    from states

    where previous_reason is null and (has_asked or coalesce(decision, '') = 'erase')

),

-- Records that were one person with them on the day before.
former_twins as (

    select
        previous_twin_id as twin_id,
        min(erased_at) as erased_at

    from newly_erased

    where previous_twin_id is not null

    group by previous_twin_id

),

-- Who comes to be known together with the request: a moment that cannot be read lies after everybody's beginning.
new_twins as (

    select
        twin_id,
        min(erased_at) as erased_at,
        max(coalesce(asked_at, {{ as_of_end() }})) as last_asked_at

    from newly_erased

    group by twin_id

),

judged as (

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
        judged.record_id,
        builds.build_number,
        {{ as_of_date() }} as known_on,
        judged.twin_id,
        cast(judged.erasure_reason as {{ dbt.type_string() }}) as erasure_reason,
        case when judged.erasure_reason is not null then judged.erased_at end as erased_at

    from judged

    cross join builds

    where
        not judged.is_known
        or judged.twin_id != coalesce(judged.previous_twin_id, '')
        or coalesce(judged.erasure_reason, '') != coalesce(judged.previous_reason, '')

)

select * from erasures
