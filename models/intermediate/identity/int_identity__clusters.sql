with

people as (

    select * from {{ ref('crm_segmentation', 'int_identity__people') }}

),

chains as (

    select * from {{ ref('crm_segmentation', 'int_identity__chains') }}

),

disputed_chains as (

    select * from {{ ref('crm_segmentation', 'int_identity__disputed_chains') }}

),

clusters as (

    {{ people_after_chains('people', 'chains', 'disputed_chains') }}

)

select * from clusters
