with

identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__identifiers') }}
    where blocked_reason is null and guard_round = 1

),

people as (

    select * from {{ ref('crm_segmentation', 'int_identity__certain_people') }}

),

personal_identifiers as (

    {{ identifiers_of_several_people('identifiers', 'people') }}

)

select * from personal_identifiers
