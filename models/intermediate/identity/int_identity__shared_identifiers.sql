with

identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__identifiers') }}
    where blocked_reason is null and guard_round = 2

),

divided_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__divided_identifiers') }}

),

people as (

    select * from {{ ref('crm_segmentation', 'int_identity__people') }}

),

all_identifiers as (

    select
        record_number,
        identifier_type,
        identifier_key,
        conflicts_on,
        strength

    from identifiers

    union all

    select * from divided_identifiers

),

shared_identifiers as (

    {{ identifiers_of_several_people('all_identifiers', 'people') }}

)

select * from shared_identifiers
