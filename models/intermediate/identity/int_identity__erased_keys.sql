with

entries as (

    select * from {{ ref('crm_segmentation', 'int_identity__known_identifiers') }}

),

known_identifiers as (

    {{ known_identifiers_as_of('entries') }}

),

identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__identifiers') }}
    where blocked_reason is null

),

erased_records as (

    select * from {{ ref('crm_segmentation', 'int_identity__erased_records') }}

),

all_keys as (

    select
        record_id,
        identifier_type,
        identifier_key

    from known_identifiers

    where is_joining

    union distinct

    select
        record_id,
        identifier_type,
        {{ remembered_key('identifier_key') }} as identifier_key

    from identifiers

),

erased_keys as (

    select
        all_keys.identifier_type,
        all_keys.identifier_key,
        max(erased_records.erased_at) as erased_at

    from all_keys

    inner join erased_records on all_keys.record_id = erased_records.record_id

    group by all_keys.identifier_type, all_keys.identifier_key

)

select * from erased_keys
