with

people as (

    select * from {{ ref('crm_segmentation', 'int_identity__certain_people') }}

),

chains as (

    select * from {{ ref('crm_segmentation', 'int_identity__personal_chains') }}

),

disputed_chains as (

    select * from {{ ref('crm_segmentation', 'int_identity__disputed_personal_chains') }}

),

people_after_chains as (

    {{ people_after_chains('people', 'chains', 'disputed_chains') }}

)

select * from people_after_chains
