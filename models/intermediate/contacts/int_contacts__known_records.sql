with

assignments as (

    select * from {{ ref('crm_segmentation', 'int_identity__assignments') }}

),

contact_records as (

    select * from {{ ref('crm_segmentation', 'contact_records') }}

),

-- Of a person none of whose records arrive any more nobody can be told anything. The id of a contact is that of a record.
known_records as (

    select
        assignments.record_id,
        assignments.contact_id,
        coalesce(contact_records.first_seen_at, assignments.first_seen_at) as first_seen_at

    from assignments

    inner join contact_records as contacts on assignments.contact_id = contacts.record_id

    left join contact_records on assignments.record_id = contact_records.record_id

)

select * from known_records
