with

shared_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__shared_identifiers') }}

),

distinguishing_values as (

    select * from {{ ref('crm_segmentation', 'int_identity__distinguishing_values') }}

),

disputed_personal_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__disputed_personal_identifiers') }}

),

disputed_shared_identifiers as (

    {{ disputed_identifiers('shared_identifiers', 'distinguishing_values') }}

),

disputed_identifiers as (

    select
        identifier_type,
        identifier_key,
        disputed_attribute

    from disputed_personal_identifiers

    union all

    select
        identifier_type,
        identifier_key,
        disputed_attribute

    from disputed_shared_identifiers

)

select * from disputed_identifiers
