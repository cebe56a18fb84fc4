{{ config(
    materialized='incremental',
    incremental_strategy='append',
    unique_key=['record_id', 'build_number'],
    full_refresh=false,
    on_schema_change='fail',
) }}

with

records as (

    select * from {{ ref('crm_segmentation', 'int_identity__records') }}

),

clusters as (

    select * from {{ ref('crm_segmentation', 'int_identity__clusters') }}

),

edges as (

    select * from {{ ref('crm_segmentation', 'int_identity__edges') }}

),

erased_records as (

    select * from {{ ref('crm_segmentation', 'int_identity__erased_records') }}

),

all_entries as (

    {% if is_incremental() -%}
    select * from {{ this }}
    {%- else -%}
    {{ empty_ledger() }}
    {%- endif %}

),

builds as (

    select coalesce(max(build_number), 0) + 1 as build_number
    from all_entries

),

known_records as (

    {{ ledger_as_of('all_entries') }}

),

-- Erased records that still arrive: one of them may name its contact.
erased_owners as (

    select records.record_id

    from records

    inner join erased_records on records.record_id = erased_records.record_id

),

-- First is what the project saw first, not what a source says it knew first, so an old record that arrives late takes over no id.
-- An erased person is one contact with nobody who is not erased, and stays one when nothing is left that joins its records.
assigned as (

    select
        records.record_id,
        records.record_number,
        known_records.contact_id as previous_contact_id,
        coalesce(known_records.first_seen_at, records.first_seen_at) as first_seen_at,
        coalesce(known_records.is_erased, false) as was_erased,
        erased_records.record_id is not null as is_erased,
        coalesce(
            case when erased_records.record_id is not null then erased_owners.record_id end,
            first_value(records.record_id) over (
                partition by clusters.component, case when erased_records.record_id is not null then 1 else 0 end
                order by
                    coalesce(known_records.first_build_number, 2147483647) asc,
                    coalesce(known_records.first_seen_at, records.first_seen_at) asc,
                    records.record_id asc
            )
        ) as contact_id,
        row_number() over (
            partition by known_records.contact_id, case when erased_records.record_id is not null then 1 else 0 end
            order by known_records.first_build_number asc, known_records.first_seen_at asc, records.record_id asc
        ) as heir_rank

    from records

    inner join clusters on records.record_number = clusters.node

    left join known_records on records.record_id = known_records.record_id

    left join erased_records on records.record_id = erased_records.record_id

    left join erased_owners on known_records.contact_id = erased_owners.record_id

),

-- A record that no longer arrives follows the first of those it was one person with.
gone as (

    select
        known_records.record_id,
        known_records.first_seen_at,
        known_records.contact_id as previous_contact_id,
        known_records.is_erased as was_erased,
        erased_records.record_id is not null as is_erased,
        coalesce(heirs.contact_id, known_records.contact_id) as contact_id

    from known_records

    left join records on known_records.record_id = records.record_id

    left join erased_records on known_records.record_id = erased_records.record_id

    left join assigned as heirs
        on
            known_records.contact_id = heirs.previous_contact_id
            and heirs.heir_rank = 1
            and (erased_records.record_id is not null) = heirs.is_erased

    where records.record_id is null

),

-- What joined a contact to another: the strongest link that leaves its former records.
edge_ends as (

    select
        node_a as record_number,
        node_b as other_record_number,
        link_type,
        strength

    from edges

    union all

    select
        node_b as record_number,
        node_a as other_record_number,
        link_type,
        strength

    from edges

),

departures as (

    select
        assigned.previous_contact_id,
        assigned.contact_id,
        edge_ends.link_type,
        row_number() over (
            partition by assigned.previous_contact_id, assigned.contact_id
            order by edge_ends.strength asc, edge_ends.link_type asc
        ) as departure_rank

    from assigned

    inner join edge_ends on assigned.record_number = edge_ends.record_number

    inner join assigned as neighbours on edge_ends.other_record_number = neighbours.record_number

    where
        assigned.previous_contact_id != assigned.contact_id
        and assigned.previous_contact_id != coalesce(neighbours.previous_contact_id, '')

),

changes as (

    select
        assigned.record_id,
        assigned.first_seen_at,
        assigned.contact_id,
        departures.link_type,
        assigned.is_erased

    from assigned

    left join departures
        on
            assigned.previous_contact_id = departures.previous_contact_id
            and assigned.contact_id = departures.contact_id
            and departures.departure_rank = 1

    where
        assigned.previous_contact_id is null
        or assigned.previous_contact_id != assigned.contact_id
        or assigned.was_erased != assigned.is_erased

    union all

    select
        record_id,
        first_seen_at,
        contact_id,
        cast(null as {{ dbt.type_string() }}) as link_type,
        is_erased

    from gone

    where previous_contact_id != contact_id or was_erased != is_erased

),

ledger as (

    select
        changes.record_id,
        builds.build_number,
        {{ as_of_date() }} as known_on,
        changes.first_seen_at,
        changes.contact_id,
        changes.link_type,
        changes.is_erased

    from changes

    cross join builds

)

select * from ledger
