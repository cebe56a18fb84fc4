-- Nothing is published where what came in cannot be right: {{ ref('crm_segmentation', 'int_quality__input_errors') }}
with

records as (

    select * from {{ ref('crm_segmentation', 'int_identity__records') }}

),

assignments as (

    select * from {{ ref('crm_segmentation', 'int_identity__assignments') }}

),

contact_records as (

    select
        records.record_id,
        records.source_system,
        records.source_contact_id,
        assignments.contact_id,
        records.first_seen_at,
        assignments.is_erased

    from records

    inner join assignments on records.record_id = assignments.record_id

)

select * from contact_records
