with

records as (

    select * from {{ ref('int_identity__records') }}

),

people as (

    select * from {{ ref('int_identity__people') }}

),

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where blocked_reason is null

),

known_values as (

    select
        record_number,
        'birth_date' as attribute_name,
        birth_date_key as attribute_key

    from records

    where birth_date_key is not null

    union all

    select
        record_number,
        'initials' as attribute_name,
        initials_key as attribute_key

    from records

    where initials_key is not null

    union all

    select
        record_number,
        identifier_type as attribute_name,
        identifier_key as attribute_key

    from identifiers

    where conflicts_on is null

),

-- Where the records of one person differ among themselves, the attribute tells nothing.
distinguishing_values as (

    select
        known_values.attribute_name,
        coalesce(people.component, known_values.record_number) as person_number,
        min(known_values.attribute_key) as attribute_key

    from known_values

    left join people on known_values.record_number = people.node

    group by coalesce(people.component, known_values.record_number), known_values.attribute_name

    having min(known_values.attribute_key) = max(known_values.attribute_key)

)

select * from distinguishing_values
