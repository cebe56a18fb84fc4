{{ config(enabled=has_feature('experiments')) }}

{%- set statistic = '(difference / nullif(standard_error, 0e0))' %}

-- Guarantees that a level is compared with the baseline of its factor over the same combinations of the other factors.
with

factors as (

    {{ experiment_factor_rows() | indent(4) }}

),

tests as (

    select * from {{ ref('crm_segmentation', 'int_experiments__tests') }}

),

level_cells as (

    select
        tests.experiment_name,
        factors.factor,
        factors.factor_level,
        tests.metric,
        tests.contact_count,
        tests.metric_value,
        -- One contact says nothing about how far contacts differ.
        case when tests.contact_count > 1 then tests.variance / tests.contacts end as value_variance,
        case when tests.is_control then 1 else 0 end as is_control

    from tests

    inner join factors on tests.experiment_name = factors.experiment_name and tests.variant = factors.variant

),

-- Every combination of the other factors weighs the same, however many contacts it has; with one of them empty, the
-- level cannot be compared.
levels as (

    select
        experiment_name,
        factor,
        factor_level,
        metric,
        max(is_control) as is_baseline,
        sum(contact_count) as contact_count,
        case when count(metric_value) = count(*) then {{ ordered_sum('metric_value') }} / count(*) end as metric_value,
        case when count(value_variance) = count(*) then {{ ordered_sum('value_variance') }} / (count(*) * count(*)) end as value_variance

    from level_cells

    group by experiment_name, factor, factor_level, metric

),

compared as (

    select
        levels.*,
        levels.metric_value - baselines.metric_value as difference,
        sqrt(levels.value_variance + baselines.value_variance) as standard_error,
        -({{ normal_quantile('(' ~ double_literal(var('experiment_significance_level')) ~ ' / 2e0)') }}) as normal_point

    from levels

    left join levels as baselines
        on
            levels.experiment_name = baselines.experiment_name
            and levels.factor = baselines.factor
            and levels.metric = baselines.metric
            and baselines.is_baseline = 1
            and levels.is_baseline = 0

),

experiment_main_effects as (

    select
        cast(experiment_name as {{ dbt.type_string() }}) as experiment_name,
        cast(factor as {{ dbt.type_string() }}) as factor,
        cast(factor_level as {{ dbt.type_string() }}) as factor_level,
        cast(metric as {{ dbt.type_string() }}) as metric,
        is_baseline = 1 as is_baseline,
        cast(contact_count as bigint) as contact_count,
        cast(metric_value as {{ double_type() }}) as metric_value,
        cast(difference as {{ double_type() }}) as difference,
        cast(difference - normal_point * standard_error as {{ double_type() }}) as interval_low,
        cast(difference + normal_point * standard_error as {{ double_type() }}) as interval_high,
        cast({{ statistic }} as {{ double_type() }}) as statistic,
        cast({{ normal_two_sided_p(statistic) }} as {{ double_type() }}) as p_value,
        {{ as_of_date() }} as as_of_date

    from compared

)

select * from experiment_main_effects
