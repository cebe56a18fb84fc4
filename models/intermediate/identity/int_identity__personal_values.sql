with

shared_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__personal_identifiers') }}

),

people as (

    select * from {{ ref('crm_segmentation', 'int_identity__certain_people') }}

),

personal_values as (

    {{ distinguishing_values('shared_identifiers', 'people', round=1) }}

)

select * from personal_values
