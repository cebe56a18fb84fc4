with

erased_keys as (

    select * from {{ ref('crm_segmentation', 'int_identity__erased_keys') }}
    where identifier_type in ('email', 'phone')

),

former_identifiers as (

    select * from {{ ref('crm_segmentation', 'stg_people__former_identifiers') }}

),

erased_records as (

    select * from {{ ref('crm_segmentation', 'int_identity__erased_records') }}

),

-- What tells that a row without a known key is about an erased person, whatever version of a record says it.
erased_identifiers as (

    select
        identifier_type,
        identifier_key

    from erased_keys

    union distinct

    select
        former_identifiers.identifier_type,
        {{ remembered_key('former_identifiers.identifier_key') }} as identifier_key

    from former_identifiers

    inner join erased_records on former_identifiers.record_id = erased_records.record_id

)

select * from erased_identifiers
