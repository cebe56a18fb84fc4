with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}

),

fuzzy_edges as (

    select * from {{ ref('int_identity__fuzzy_edges') }}

),

records as (

    select * from {{ ref('int_identity__records') }}

),

-- The first record to show a value stands for all that share it: n records need n - 1 edges.
first_holders as (

    select
        record_number,
        min(record_number) over (partition by identifier_type, identifier_value) as first_record_number

    from identifiers

),

edges as (

    select
        first_record_number as node_a,
        record_number as node_b

    from first_holders

    where first_record_number != record_number

    union distinct

    select
        records_a.record_number as node_a,
        records_b.record_number as node_b

    from fuzzy_edges

    inner join records as records_a on fuzzy_edges.record_id_a = records_a.record_id

    inner join records as records_b on fuzzy_edges.record_id_b = records_b.record_id

)

select * from edges
