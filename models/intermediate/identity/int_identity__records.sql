with

contacts as (

    select * from {{ ref('stg_people__contacts') }}

),

records as (

    select
        record_id,
        source_system,
        source_contact_id,
        email,
        phone_e164,
        is_erased,
        created_at as first_seen_at,
        cast(row_number() over (order by created_at asc, record_id asc) as bigint) as record_number

    from contacts

)

select * from records
