with

shared_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__shared_identifiers') }}

),

distinguishing_values as (

    select * from {{ ref('crm_segmentation', 'int_identity__distinguishing_values') }}

),

chains as (

    select * from {{ ref('crm_segmentation', 'int_identity__chains') }}

),

disputed_chains as (

    {{ disputed_chains('shared_identifiers', 'distinguishing_values', 'chains') }}

)

select * from disputed_chains
