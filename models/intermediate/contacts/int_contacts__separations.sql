-- Guarantees at most one heir for an erased contact id: the record of theirs that was known first. Who was erased in
-- the same build inherits nothing.
with

entries as (

    select * from {{ ref('crm_segmentation', 'int_identity__ledger') }}
    where known_on <= {{ as_of_date() }}

),

assignments as (

    select * from {{ ref('crm_segmentation', 'int_identity__assignments') }}

),

moves as (

    select
        record_id,
        build_number,
        first_seen_at,
        contact_id,
        is_erased,
        lag(contact_id) over (partition by record_id order by known_on asc, build_number asc) as previous_contact_id,
        coalesce(lag(is_erased) over (partition by record_id order by known_on asc, build_number asc), false) as was_erased

    from entries

),

erasures as (

    select distinct
        contact_id,
        build_number

    from moves

    where is_erased and not was_erased and previous_contact_id = contact_id

),

-- People whom the same build separated from the contact and did not erase.
parted as (

    select
        erasures.contact_id as erased_contact_id,
        assignments.contact_id,
        row_number() over (
            partition by erasures.contact_id order by moves.first_seen_at asc, moves.record_id asc
        ) as heir_rank

    from moves

    inner join erasures on moves.previous_contact_id = erasures.contact_id and moves.build_number = erasures.build_number

    inner join assignments on moves.record_id = assignments.record_id

    where moves.contact_id != erasures.contact_id and not moves.is_erased and not assignments.is_erased

),

separations as (

    select
        erased_contact_id,
        contact_id

    from parted

    where heir_rank = 1

)

select * from separations
