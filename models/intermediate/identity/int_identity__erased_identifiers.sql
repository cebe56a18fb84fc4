with

erased_keys as (

    select * from {{ ref('int_identity__erased_keys') }}

),

-- What tells that a row without a known key is about an erased person.
erased_identifiers as (

    select
        identifier_type,
        identifier_key

    from erased_keys

    where identifier_type in ('email', 'phone')

)

select * from erased_identifiers
