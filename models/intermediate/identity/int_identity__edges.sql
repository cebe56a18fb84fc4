with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}

),

-- The first record to show a value stands for all that share it: n records need n - 1 edges.
first_holders as (

    select
        record_number,
        min(record_number) over (partition by identifier_type, identifier_value) as first_record_number

    from identifiers

),

edges as (

    select distinct
        first_record_number as node_a,
        record_number as node_b

    from first_holders

    where first_record_number != record_number

)

select * from edges
