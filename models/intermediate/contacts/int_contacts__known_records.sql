with

assignments as (

    select * from {{ ref('crm_segmentation', 'int_identity__assignments') }}

),

records as (

    select * from {{ ref('crm_segmentation', 'contact_records') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contact_records') }}

),

-- A person whose records have all gone is left out. A record is known by its id, which is also that of the contact.
known_records as (

    select
        assignments.record_id,
        assignments.contact_id,
        coalesce(records.first_seen_at, assignments.first_seen_at) as first_seen_at

    from assignments

    inner join contacts on assignments.contact_id = contacts.record_id

    left join records on assignments.record_id = records.record_id

)

select * from known_records
