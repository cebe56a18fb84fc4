with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where blocked_reason is null

),

erased_records as (

    select * from {{ ref('int_identity__erased_records') }}

),

-- What tells that a row without a known key is about an erased person.
erased_identifiers as (

    select distinct
        identifiers.identifier_type,
        identifiers.identifier_key

    from identifiers

    inner join erased_records on identifiers.record_id = erased_records.record_id

    where identifiers.identifier_type in ('email', 'phone')

)

select * from erased_identifiers
