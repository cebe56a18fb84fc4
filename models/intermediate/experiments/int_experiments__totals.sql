{{ config(enabled=has_feature('experiments')) }}

-- Guarantees a row for every variant and metric of an experiment, with the sums over all its contacts.
with

{{ imports({'variants': 'int_experiments__variants', 'contact_values': 'int_experiments__values'}) }}

metrics as (

    {{ experiment_metric_rows() | indent(4) }}

),

declared as (

    select distinct experiment_name from metrics

),

value_totals as (

    select
        experiment_name,
        variant,
        metric,
        sum(metric_value) as metric_total,
        sum({{ exact_product('metric_value', 'metric_value') }}) as metric_square_total

    from contact_values

    group by experiment_name, variant, metric

),

totals as (

    select
        variants.experiment_name,
        variants.variant,
        variants.is_control,
        metrics.metric,
        metrics.metric_kind,
        metrics.lower_is_better,
        variants.contact_count,
        cast(coalesce(value_totals.metric_total, 0) as numeric(18, 2)) as metric_total,
        cast(
            case when metrics.metric_kind = 'mean' then coalesce(value_totals.metric_square_total, 0) end as {{ double_type() }}
        ) as metric_square_total

    from variants

    left join declared on variants.experiment_name = declared.experiment_name

    inner join metrics on coalesce(declared.experiment_name, '*') = metrics.experiment_name

    left join value_totals
        on
            variants.experiment_name = value_totals.experiment_name
            and variants.variant = value_totals.variant
            and metrics.metric = value_totals.metric

)

select * from totals
