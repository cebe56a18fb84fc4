-- Guarantees that an absorbed id leads to a contact of today in one step, however many times it was absorbed on the
-- way.
with

entries as (

    select * from {{ ref('crm_segmentation', 'int_identity__ledger') }}
    where known_on <= {{ as_of_date() }}

),

numbered as (

    select
        *,
        row_number() over (partition by record_id order by known_on asc, build_number asc) as entry_number

    from entries

),

-- The day from which the record is no longer a contact of its own. A record that never was one has nothing to merge.
dated as (

    select
        *,
        max(case when record_id = contact_id then entry_number end) over (partition by record_id) as last_own_entry,
        max(entry_number) over (partition by record_id) as last_entry

    from numbered

),

absorptions as (

    select
        record_id as absorbed_contact_id,
        known_on as merged_on,
        coalesce(link_type, 'record_gone') as reason

    from dated

    where entry_number = last_own_entry + 1

),

current_contacts as (

    select
        record_id,
        contact_id

    from dated

    where entry_number = last_entry

),

contact_merges as (

    select
        cast(absorptions.absorbed_contact_id as {{ dbt.type_string() }}) as absorbed_contact_id,
        cast(current_contacts.contact_id as {{ dbt.type_string() }}) as contact_id,
        cast(absorptions.merged_on as date) as merged_on,
        cast(absorptions.reason as {{ dbt.type_string() }}) as reason

    from absorptions

    inner join current_contacts on absorptions.absorbed_contact_id = current_contacts.record_id

)

select * from contact_merges
