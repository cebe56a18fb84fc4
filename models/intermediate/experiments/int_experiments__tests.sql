{{ config(enabled=has_feature('experiments')) }}

with

totals as (

    select * from {{ ref('crm_segmentation', 'int_experiments__totals') }}

),

tests as (

    {{ with_control_tests('totals', 'experiment_name') }}

)

select * from tests
