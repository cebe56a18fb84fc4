with

assignments as (

    select * from {{ ref('int_identity__assignments') }}

),

erased_contacts as (

    select distinct contact_id
    from assignments
    where is_erased

),

erased_records as (

    select assignments.record_id

    from assignments

    inner join erased_contacts on assignments.contact_id = erased_contacts.contact_id

)

select * from erased_records
