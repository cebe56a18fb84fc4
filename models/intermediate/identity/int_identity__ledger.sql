{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    unique_key=['record_id', 'build_number'],
    full_refresh=false,
    on_schema_change='fail',
) }}

-- Guarantees: the id of a contact is that of the record which the project, not a source, saw first; an old record that arrives late takes
-- no id over. An erased person is one contact with nobody who is not erased, and stays one when nothing is left that joins its records.
-- A record that no longer arrives keeps its contact, or follows those it was one person with. Entries are added, never changed.
with

{{ imports({
    'records': 'int_identity__records',
    'clusters': 'int_identity__clusters',
    'link_ends': 'int_identity__link_ends',
    'erased_records': 'int_identity__erased_records',
}) }}

{{ memory(before=empty_ledger(), newest=ledger_as_of('all_entries')) }}

-- Who arrives, and who once did: the latter have no record_number.
everybody as (

    select
        records.record_number,
        clusters.component,
        known.contact_id as previous_contact_id,
        known.first_build_number,
        coalesce(records.record_id, known.record_id) as record_id,
        coalesce(known.first_seen_at, records.first_seen_at) as first_seen_at,
        coalesce(known.is_erased, false) as was_erased,
        erased_records.record_id is not null as is_erased

    from records

    inner join clusters on records.record_number = clusters.node

    full outer join known on records.record_id = known.record_id

    left join erased_records on coalesce(records.record_id, known.record_id) = erased_records.record_id

),

-- Erased records that still arrive: one of them may name its contact.
erased_owners as (

    select record_id from everybody
    where is_erased and record_number is not null

),

clustered as (

    select
        everybody.*,
        coalesce(
            case when everybody.is_erased then erased_owners.record_id end,
            first_value(everybody.record_id) over (
                partition by everybody.component, everybody.is_erased
                order by coalesce(everybody.first_build_number, 2147483647) asc, everybody.first_seen_at asc, everybody.record_id asc
            )
        ) as cluster_contact_id

    from everybody

    left join erased_owners on everybody.previous_contact_id = erased_owners.record_id

),

-- A record that no longer arrives follows the first of those it was one person with.
assigned as (

    select
        *,
        case
            when record_number is not null then cluster_contact_id
            else coalesce(first_value(case when record_number is not null then cluster_contact_id end) over (
                partition by previous_contact_id, is_erased
                order by case when record_number is null then 1 else 0 end asc, first_build_number asc, first_seen_at asc, record_id asc
            ), previous_contact_id)
        end as contact_id

    from clustered

),

departures as (

    {{ departures('assigned', 'link_ends') }}

),

ledger as (

    select
        assigned.record_id,
        builds.build_number,
        {{ as_of_date() }} as known_on,
        assigned.first_seen_at,
        assigned.contact_id,
        case when assigned.record_number is not null then departures.link_type end as link_type,
        assigned.is_erased

    from assigned

    cross join builds

    left join departures
        on assigned.previous_contact_id = departures.previous_contact_id and assigned.contact_id = departures.contact_id

    where
        assigned.previous_contact_id is null
        or assigned.previous_contact_id != assigned.contact_id
        or assigned.was_erased != assigned.is_erased

)

select * from ledger
