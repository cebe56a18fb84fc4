{{ config(materialized='connected_components') }}

with

edges as (

    select * from {{ ref('crm_segmentation', 'int_identity__certain_edges') }}

),

pairs as (

    select
        node_a,
        node_b

    from edges

)

select * from pairs
