with

records as (

    select * from {{ ref('int_identity__records') }}

),

other_identifiers as (

    select * from {{ ref('stg_people__contact_identifiers') }}

),

linking_types as (

    select * from {{ ref('identifier_types') }}
    where is_linking

),

identifiers as (

    select
        record_id,
        'email' as identifier_type,
        email as identifier_value

    from records

    where email is not null

    union distinct

    select
        record_id,
        'phone' as identifier_type,
        phone_e164 as identifier_value

    from records

    where phone_e164 is not null

    union distinct

    select
        other_identifiers.record_id,
        other_identifiers.identifier_type,
        other_identifiers.identifier_value

    from other_identifiers

),

linking_identifiers as (

    select
        records.record_number,
        identifiers.record_id,
        identifiers.identifier_type,
        identifiers.identifier_value

    from identifiers

    inner join linking_types on identifiers.identifier_type = linking_types.identifier_type

    inner join records on identifiers.record_id = records.record_id

)

select * from linking_identifiers
