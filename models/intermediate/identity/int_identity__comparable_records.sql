{{ config(materialized='view') }}

-- Guarantees that fuzzy matching sees no value that may not link by itself either, and nobody who was erased.
with

contacts as (

    select * from {{ ref('crm_segmentation', 'stg_people__contacts') }}
    where not is_erased

),

records as (

    select * from {{ ref('crm_segmentation', 'int_identity__records') }}

),

identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__identifiers') }}
    where blocked_reason is null

),

name_groups as (

    select
        {{ plain_name('first_name') }} as plain_name,
        min(name_group) as name_group

    from {{ ref('crm_segmentation', 'first_name_variants') }}

    group by {{ plain_name('first_name') }}

),

named as (

    select
        *,
        {{ plain_name('first_name') }} as plain_first_name

    from contacts

),

-- A value that may not link records is no evidence for a likeness either.
comparable_records as (

    select
        contacts.record_id,
        contacts.first_name,
        contacts.last_name,
        name_groups.name_group,
        case when records.birth_date_key is not null then contacts.birth_date end as birth_date,
        case when emails.record_id is not null then contacts.email end as email,
        case when phones.record_id is not null then contacts.phone_line end as phone,
        contacts.address_line,
        contacts.postal_code,
        contacts.city

    from named as contacts

    inner join records on contacts.record_id = records.record_id

    left join name_groups on contacts.plain_first_name = name_groups.plain_name

    left join identifiers as emails
        on
            emails.identifier_type = 'email'
            and records.record_id = emails.record_id
            and records.email_key = emails.identifier_key

    left join identifiers as phones
        on
            phones.identifier_type = 'phone'
            and records.record_id = phones.record_id
            and records.phone_line_key = phones.identifier_key

)

select * from comparable_records
