{{ config(enabled=has_feature('experiments')) }}

-- Guarantees that an experiment shows a difference where there is none at most as often as experiment_significance_level says, and has
-- no verdict before its window is over.
with

{{ imports({'tests': 'int_experiments__tests', 'experiments': 'experiments'}) }}

judged as (

    {{ with_p_values('tests') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by experiment_name
            order by p_value asc nulls last, {{ by_code_point('variant') }} asc, {{ by_code_point('metric') }} asc
        ) as p_rank,
        count(p_value) over (partition by experiment_name) as p_count

    from judged

),

-- Holm (1979): step down over all variants and metrics of the experiment.
adjusted as (

    select
        *,
        case
            when p_value is not null then max({{ least_of(['1e0', 'p_value * (p_count - p_rank + 1)']) }}) over (
                partition by experiment_name order by p_rank asc rows between unbounded preceding and current row
            )
        end as adjusted_p_value

    from ranked

),

compared as (

    select
        adjusted.*,
        experiments.sample_ratio_p_value,
        {{ normal_quantile(double_literal(var('experiment_power'))) }} as power_point,
        experiments.relevant_lift * abs(adjusted.control_value) / adjusted.standard_error as relevant_distance,
        case
            when adjusted.is_control or experiments.control_variant is null then null
            when experiments.sample_ratio_p_value < {{ double_literal(var('sample_ratio_significance_level')) }} then 'broken: sample ratio'
            when
                not experiments.is_complete
                or {{ least_of(['adjusted.contacts', 'adjusted.control_contacts']) }} < experiments.minimum_contact_count then 'too early'
            when coalesce(adjusted.adjusted_p_value >= {{ double_literal(var('experiment_significance_level')) }}, true)
                then 'no difference shown'
            when (adjusted.difference > 0) = adjusted.lower_is_better then 'worse'
            else 'better'
        end as verdict

    from adjusted

    inner join experiments on adjusted.experiment_name = experiments.experiment_name

),

experiment_results as (

    select
        cast(experiment_name as {{ dbt.type_string() }}) as experiment_name,
        cast(variant as {{ dbt.type_string() }}) as variant,
        cast(metric as {{ dbt.type_string() }}) as metric,
        cast(contact_count as bigint) as contact_count,
        cast(metric_total as numeric(18, 2)) as metric_total,
        cast(metric_value as {{ double_type() }}) as metric_value,
        cast(difference as {{ double_type() }}) as difference,
        cast(difference - interval_half_width as {{ double_type() }}) as interval_low,
        cast(difference + interval_half_width as {{ double_type() }}) as interval_high,
        cast(difference / nullif(abs(control_value), 0e0) as {{ double_type() }}) as relative_lift,
        cast(statistic as {{ double_type() }}) as statistic,
        cast(p_value as {{ double_type() }}) as p_value,
        cast(adjusted_p_value as {{ double_type() }}) as adjusted_p_value,
        cast(sample_ratio_p_value as {{ double_type() }}) as sample_ratio_p_value,
        cast(verdict as {{ dbt.type_string() }}) as verdict,
        cast(difference * contacts as {{ double_type() }}) as incremental_total,
        cast(degrees_of_freedom as {{ double_type() }}) as degrees_of_freedom,
        cast((normal_point + power_point) * standard_error as {{ double_type() }}) as minimum_detectable_effect,
        cast(
            {{ normal_probability('(relevant_distance - normal_point)') }} + {{ normal_probability('(-relevant_distance - normal_point)') }}
            as {{ double_type() }}
        ) as power,
        {{ as_of_date() }} as as_of_date

    from compared

)

select * from experiment_results
