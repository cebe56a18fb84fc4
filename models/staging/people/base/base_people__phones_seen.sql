with

contacts as (

    select * from {{ ref('base_people__contacts') }}

),

orders as (

    select * from {{ ref('base_commerce__order_rows') }}

),

countries as (

    select * from {{ ref('base_people__spellings') }}
    where kind = 'country'

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
        orders.phone,
        {{ default_country() }} as country_code

    from orders

    where orders.phone is not null

)

select * from phones
