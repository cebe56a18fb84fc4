-- Guarantees that whom a draw has held out stays held out, by the share in force and under the id it had when it entered.
with

{{ imports({
    'entries': 'int_segment_effects__first_entries',
    'spells_by_first_id': 'int_segments__membership_spells',
    'former_ids': 'int_segments__former_contact_ids',
    'ledger': 'int_identity__ledger',
}) }}

percents as (

    {{ holdout_percents_in_force() | indent(4) }}

),

-- The id under which a contact entered that has been absorbed since.
absorbed_entries as (

    select
        spells_by_first_id.segment_name,
        former_ids.contact_id,
        spells_by_first_id.contact_id as drawn_id,
        spells_by_first_id.entered_on,
        row_number() over (
            partition by spells_by_first_id.segment_name, former_ids.contact_id
            order by spells_by_first_id.entered_on asc, spells_by_first_id.contact_id asc
        ) as entry_rank

    from spells_by_first_id

    inner join former_ids on spells_by_first_id.contact_id = former_ids.former_contact_id

),

-- A contact enters the whole with the run that sees the record it is named after.
first_runs as (

    select
        record_id as contact_id,
        min(known_on) as entered_on

    from ledger

    where record_id = contact_id

    group by record_id

),

draws as (

    select
        entries.segment_name,
        entries.contact_id,
        coalesce(absorbed_entries.drawn_id, entries.contact_id) as drawn_id,
        percents.segment_percent as holdout_percent

    from entries

    inner join percents on entries.entered_on >= percents.valid_from and entries.entered_on < percents.valid_to

    left join absorbed_entries
        on
            entries.segment_name = absorbed_entries.segment_name
            and entries.contact_id = absorbed_entries.contact_id
            and entries.entered_on = absorbed_entries.entered_on
            and absorbed_entries.entry_rank = 1

    where percents.segment_percent > 0

    union all

    select
        'all' as segment_name,
        first_runs.contact_id,
        first_runs.contact_id as drawn_id,
        percents.global_percent as holdout_percent

    from first_runs

    inner join percents on first_runs.entered_on >= percents.valid_from and first_runs.entered_on < percents.valid_to

    where percents.global_percent > 0

),

holdouts as (

    select
        segment_name,
        contact_id

    from draws

    where {{ is_held_out('drawn_id', 'segment_name', 'holdout_percent') }}

)

select * from holdouts
