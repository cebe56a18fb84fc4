{{ config(materialized='view') }}

with

identifiers as (

    select * from {{ ref('crm_segmentation', 'stg_people__contact_identifiers') }}

),

other_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__other_identifiers') }}

),

judged as (

    select
        identifiers.record_id,
        identifiers.source_system,
        identifiers.source_contact_id,
        identifiers.source_identifier_type,
        identifiers.identifier_type,
        identifiers.is_known_type,
        identifiers.identifier_value,
        identifiers.raw_identifier_value,
        identifiers.seen_at,
        identifiers.raw_seen_at,
        other_identifiers.identifier_key,
        other_identifiers.rejection_reason

    from identifiers

    inner join other_identifiers
        on
            identifiers.record_id = other_identifiers.record_id
            and identifiers.source_identifier_type = other_identifiers.source_identifier_type
            and {{ identifier_key('identifiers.identifier_value') }} = other_identifiers.value_key

)

select * from judged
