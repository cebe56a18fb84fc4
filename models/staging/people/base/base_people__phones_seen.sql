with

-- Two columns and their keys alone: all that is judged about a contact or an order would be worked out for them as well.
contacts as (

    {{ raw_rows('raw_contacts', with_row_hash=false, only=['source_system', 'source_contact_id', 'phone', 'country']) }}

),

orders as (

    {{ raw_rows('raw_orders', with_row_hash=false, only=['phone']) }}

),

countries as (

    select * from {{ ref('crm_segmentation', 'base_people__spellings') }}
    where kind = 'country'

),

other_phones as (

    select * from {{ ref('crm_segmentation', 'stg_people__contact_identifiers') }}
    where identifier_type = 'phone'

),

phones as (

    select
        contacts.phone,
        {{ phone_country('contacts.country', 'countries.stored_value') }} as country_code

    from contacts

    left join countries on lower(contacts.country) = countries.spelling

    where contacts.phone is not null

    union distinct

    select
        other_phones.raw_identifier_value as phone,
        {{ phone_country('contacts.country', 'countries.stored_value') }} as country_code

    from other_phones

    left join contacts
        on
            other_phones.source_system = contacts.source_system
            and other_phones.source_contact_id = contacts.source_contact_id

    left join countries on lower(contacts.country) = countries.spelling

    union distinct

    select
        orders.phone,
        {{ default_country() }} as country_code

    from orders

    where orders.phone is not null

)

select * from phones
