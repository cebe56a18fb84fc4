with

entries as (

    select * from {{ ref('crm_segmentation', 'int_identity__erasures') }}

),

newest_entries as (

    {{ erasures_as_of('entries') }}

),

erased_records as (

    select
        record_id,
        erasure_reason,
        erased_at

    from newest_entries

    where erasure_reason is not null

)

select * from erased_records
