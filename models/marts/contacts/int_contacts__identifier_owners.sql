with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where blocked_reason is null and identifier_type in ('email', 'phone')

),

contact_records as (

    select * from {{ ref('contact_records') }}

),

-- A value that several contacts show, because they disagree on who they are, has no owner.
owners as (

    select
        identifiers.identifier_type,
        identifiers.identifier_key,
        min(contact_records.contact_id) as contact_id

    from identifiers

    inner join contact_records on identifiers.record_id = contact_records.record_id

    group by identifiers.identifier_type, identifiers.identifier_key

    having min(contact_records.contact_id) = max(contact_records.contact_id)

)

select * from owners
