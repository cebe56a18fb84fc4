{{ config(materialized='connected_components') }}

with

shared_identifiers as (

    select * from {{ ref('int_identity__shared_identifiers') }}

),

disputed_identifiers as (

    select * from {{ ref('int_identity__disputed_identifiers') }}

),

pairs as (

    select
        shared_identifiers.first_person_number as node_a,
        shared_identifiers.person_number as node_b

    from shared_identifiers

    left join disputed_identifiers
        on
            shared_identifiers.identifier_type = disputed_identifiers.identifier_type
            and shared_identifiers.identifier_key = disputed_identifiers.identifier_key

    where disputed_identifiers.identifier_key is null

)

select * from pairs
