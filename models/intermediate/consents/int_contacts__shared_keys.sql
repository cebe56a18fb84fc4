with

records as (

    select * from {{ ref('crm_segmentation', 'int_identity__records') }}

),

identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__identifiers') }}
    where identifier_type in ('email', 'phone')

),

known_records as (

    select * from {{ ref('crm_segmentation', 'int_contacts__known_records') }}

),

record_keys as (

    select
        record_id,
        'email' as identifier_type,
        email_key as identifier_key

    from records

    where email_key is not null

    union all

    select
        record_id,
        'phone' as identifier_type,
        phone_key as identifier_key

    from records

    where phone_key is not null

    union all

    select
        record_id,
        identifier_type,
        identifier_key

    from identifiers

),

held as (

    select distinct
        known_records.contact_id,
        record_keys.identifier_type,
        record_keys.identifier_key

    from record_keys

    inner join known_records on record_keys.record_id = known_records.record_id

),

counted as (

    select
        *,
        count(*) over (partition by identifier_type, identifier_key) as holder_count

    from held

),

shared_keys as (

    select
        contact_id,
        identifier_type,
        identifier_key

    from counted

    where holder_count > 1

)

select * from shared_keys
