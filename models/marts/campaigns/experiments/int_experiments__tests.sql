with

totals as (

    select * from {{ ref('int_experiments__totals') }}

),

tests as (

    {{ with_control_tests('totals', 'experiment_name') }}

)

select * from tests
