{{ config(enabled=has_feature('lifetime_value')) }}

with

parameter_sets as (

    select * from {{ ref('crm_segmentation', 'clv_parameters') }}
    where parameter_set = '{{ var("clv_parameter_set") }}'

),

-- Doubles, because what follows is made of logarithms. Times are in the unit of the set, days or weeks.
parameters as (

    select
        cast(parameter_set as {{ dbt.type_string() }}) as parameter_set,
        cast(days_per_time_unit as {{ double_type() }}) as days_per_time_unit,
        {{ var('clv_horizon_days') }} / cast(days_per_time_unit as {{ double_type() }}) as horizon,
        cast(rate_shape as {{ double_type() }}) as rate_shape,
        cast(rate_scale as {{ double_type() }}) as rate_scale,
        cast(dropout_a as {{ double_type() }}) as dropout_a,
        cast(dropout_b as {{ double_type() }}) as dropout_b,
        cast(amount_p as {{ double_type() }}) as amount_p,
        cast(amount_q as {{ double_type() }}) as amount_q,
        cast(amount_v as {{ double_type() }}) as amount_v

    from parameter_sets

)

select * from parameters
