{{ config(enabled=has_feature('experiments')) }}

with

declared as (

    {{ experiment_rows() | indent(4) }}

)

select * from declared
