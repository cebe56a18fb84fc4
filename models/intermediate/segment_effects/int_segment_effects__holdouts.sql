-- Guarantees that whom a draw has held out stays held out, by the share in force and under the id it had when it entered.
with

{{ imports({
    'spells': 'int_segments__membership_spells',
    'former_ids': 'int_segments__former_contact_ids',
    'own_entries_of_ledger': ['int_identity__ledger', 'record_id = contact_id'],
}) }}

percents as (

    {{ holdout_percents_in_force() | indent(4) }}

),

-- Who has absorbed another is drawn by the id that entered first; of two on one day, by that of the absorbed.
entries as (

    select
        spells.segment_name,
        spells.contact_id as drawn_id,
        spells.entered_on,
        coalesce(former_ids.contact_id, spells.contact_id) as contact_id,
        row_number() over (
            partition by spells.segment_name, coalesce(former_ids.contact_id, spells.contact_id)
            order by
                spells.entered_on asc, case when former_ids.contact_id is null then 1 else 0 end asc, spells.contact_id asc
        ) as entry_rank

    from spells

    left join former_ids on spells.contact_id = former_ids.former_contact_id

),

-- A contact enters the whole with the run that sees the record it is named after.
first_runs as (

    select
        record_id as contact_id,
        min(known_on) as entered_on

    from own_entries_of_ledger

    group by record_id

),

draws as (

    select
        entries.segment_name,
        entries.contact_id,
        entries.drawn_id,
        percents.segment_percent as holdout_percent

    from entries

    inner join percents on entries.entered_on >= percents.valid_from and entries.entered_on < percents.valid_to

    where entries.entry_rank = 1 and percents.segment_percent > 0

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
