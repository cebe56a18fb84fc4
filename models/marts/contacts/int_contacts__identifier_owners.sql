with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}

),

contact_records as (

    select * from {{ ref('contact_records') }}

),

-- All records that share a linking value are one contact, so a value has one owner.
owners as (

    select
        identifiers.identifier_type,
        identifiers.identifier_value,
        min(contact_records.contact_id) as contact_id

    from identifiers

    inner join contact_records on identifiers.record_id = contact_records.record_id

    where identifiers.identifier_type in ('email', 'phone')

    group by identifiers.identifier_type, identifiers.identifier_value

)

select * from owners
