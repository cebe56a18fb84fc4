with

spells as (

    select * from {{ ref('crm_segmentation', 'int_segments__membership_spells') }}

),

former_ids as (

    select * from {{ ref('crm_segmentation', 'int_segments__former_contact_ids') }}

),

absorbed_spells as (

    select
        spells.segment_name,
        former_ids.contact_id,
        spells.entered_on,
        spells.exited_on,
        spells.definition_version

    from spells

    inner join former_ids on spells.contact_id = former_ids.former_contact_id

),

merged_contacts as (

    select distinct contact_id from absorbed_spells

),

other_spells as (

    select
        spells.segment_name,
        spells.contact_id,
        spells.entered_on,
        spells.exited_on,
        spells.definition_version,
        merged_contacts.contact_id is not null as is_merged

    from spells

    left join former_ids on spells.contact_id = former_ids.former_contact_id

    left join merged_contacts on spells.contact_id = merged_contacts.contact_id

    where former_ids.former_contact_id is null

),

merged_spells as (

    select
        segment_name,
        contact_id,
        entered_on,
        exited_on,
        definition_version

    from other_spells

    where is_merged

    union all

    select * from absorbed_spells

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

    from merged_spells

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

    from other_spells

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
