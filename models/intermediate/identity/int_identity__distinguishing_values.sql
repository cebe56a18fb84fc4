with

shared_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__shared_identifiers') }}

),

people as (

    select * from {{ ref('crm_segmentation', 'int_identity__people') }}

),

distinguishing_values as (

    {{ distinguishing_values('shared_identifiers', 'people', round=2) }}

)

select * from distinguishing_values
