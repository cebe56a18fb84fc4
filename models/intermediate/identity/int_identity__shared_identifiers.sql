with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where blocked_reason is null and conflicts_on is not null

),

people as (

    select * from {{ ref('int_identity__people') }}

),

held as (

    select
        identifiers.*,
        coalesce(people.component, identifiers.record_number) as person_number

    from identifiers

    left join people on identifiers.record_number = people.node

),

counted as (

    select
        *,
        min(person_number) over (partition by identifier_type, identifier_key) as first_person_number,
        max(person_number) over (partition by identifier_type, identifier_key) as last_person_number

    from held

),

shared_identifiers as (

    select
        record_number,
        person_number,
        first_person_number,
        identifier_type,
        identifier_key,
        conflicts_on,
        strength

    from counted

    where first_person_number != last_person_number

)

select * from shared_identifiers
