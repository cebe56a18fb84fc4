-- Guarantees that no two spells of a contact in a segment by one definition overlap or touch, whatever ids the contact has had.
with

{{ imports({'spells': 'int_segments__membership_spells', 'former_ids': 'int_segments__former_contact_ids'}) }}

spells_by_id_of_today as (

    select
        spells.segment_name,
        spells.entered_on,
        spells.exited_on,
        spells.definition_version,
        coalesce(former_ids.contact_id, spells.contact_id) as contact_id,
        former_ids.contact_id is not null as is_absorbed

    from spells

    left join former_ids on spells.contact_id = former_ids.former_contact_id

),

merged_contacts as (

    select distinct contact_id from spells_by_id_of_today
    where is_absorbed

),

with_mergers as (

    select
        spells_by_id_of_today.*,
        merged_contacts.contact_id is not null as is_merged

    from spells_by_id_of_today

    left join merged_contacts on spells_by_id_of_today.contact_id = merged_contacts.contact_id

),

-- Spells of one person under two ids that overlap or touch are one.
with_latest_exit as (

    select
        *,
        max(coalesce(exited_on, cast('9999-12-31' as date))) over (
            partition by segment_name, contact_id, definition_version
            order by entered_on asc, exited_on asc
            rows between unbounded preceding and 1 preceding
        ) as latest_exit_before

    from with_mergers

    where is_merged

),

numbered as (

    select
        *,
        sum(case when entered_on <= latest_exit_before then 0 else 1 end) over (
            partition by segment_name, contact_id, definition_version
            order by entered_on asc, exited_on asc
            rows between unbounded preceding and current row
        ) as spell_number

    from with_latest_exit

),

history as (

    select
        segment_name,
        contact_id,
        entered_on,
        exited_on,
        definition_version

    from with_mergers

    where not is_merged

    union all

    select
        segment_name,
        contact_id,
        min(entered_on) as entered_on,
        case when count(exited_on) = count(*) then max(exited_on) end as exited_on,
        definition_version

    from numbered

    group by segment_name, contact_id, definition_version, spell_number

)

select * from history
