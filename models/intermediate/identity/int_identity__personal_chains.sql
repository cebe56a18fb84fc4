{{ config(materialized='connected_components') }}

with

shared_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__personal_identifiers') }}

),

disputed_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__disputed_personal_identifiers') }}

),

pairs as (

    {{ undisputed_pairs('shared_identifiers', 'disputed_identifiers') }}

)

select * from pairs
