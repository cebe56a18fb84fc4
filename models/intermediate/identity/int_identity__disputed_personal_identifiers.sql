with

shared_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__personal_identifiers') }}

),

distinguishing_values as (

    select * from {{ ref('crm_segmentation', 'int_identity__personal_values') }}

),

disputed_identifiers as (

    {{ disputed_identifiers('shared_identifiers', 'distinguishing_values') }}

)

select * from disputed_identifiers
