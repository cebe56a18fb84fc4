with

shared_identifiers as (

    select * from {{ ref('int_identity__shared_identifiers') }}

),

distinguishing_values as (

    select * from {{ ref('int_identity__distinguishing_values') }}

),

-- However many hold the value, one look at them all: no pairs, and no order in which they come.
disagreements as (

    select
        shared_identifiers.identifier_type,
        shared_identifiers.identifier_key,
        distinguishing_values.attribute_name

    from shared_identifiers

    inner join distinguishing_values
        on
            shared_identifiers.person_number = distinguishing_values.person_number
            and {{ is_listed('distinguishing_values.attribute_name', 'shared_identifiers.conflicts_on') }}

    group by shared_identifiers.identifier_type, shared_identifiers.identifier_key, distinguishing_values.attribute_name

    having min(distinguishing_values.attribute_key) != max(distinguishing_values.attribute_key)

),

disputed_identifiers as (

    select
        identifier_type,
        identifier_key,
        min(attribute_name) as disputed_attribute

    from disagreements

    group by identifier_type, identifier_key

)

select * from disputed_identifiers
