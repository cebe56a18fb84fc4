with

contact_records as (

    select * from {{ ref('crm_segmentation', 'contact_records') }}

),

contact_merges as (

    select * from {{ ref('crm_segmentation', 'contact_merges') }}

),

-- The id of a contact is that of a record, so the record says who an absorbed contact is now; the merges speak for
-- records that no longer arrive.
former_ids as (

    select
        record_id as former_contact_id,
        contact_id

    from contact_records

    where record_id != contact_id

    union all

    select
        contact_merges.absorbed_contact_id as former_contact_id,
        contact_merges.contact_id

    from contact_merges

    left join contact_records on contact_merges.absorbed_contact_id = contact_records.record_id

    where contact_records.record_id is null

)

select * from former_ids
