{{ config(materialized='connected_components') }}

with

edges as (

    select * from {{ ref('crm_segmentation', 'int_identity__edges') }}

),

identifier_types as (

    select * from {{ ref('crm_segmentation', 'identifier_types') }}
    where identifies_one_person

),

pairs as (

    select
        edges.node_a,
        edges.node_b

    from edges

    inner join identifier_types on edges.link_type = identifier_types.identifier_type

)

select * from pairs
