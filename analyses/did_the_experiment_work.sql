{{ config(enabled=has_feature('experiments')) }}

-- Did the experiment work, and could it have shown what we hoped for?
with

experiments as (

    select * from {{ ref('crm_segmentation', 'experiments') }}

),

results as (

    select * from {{ ref('crm_segmentation', 'experiment_results') }}
    where verdict is not null

)

select
    results.experiment_name,
    results.variant,
    results.metric,
    results.verdict,
    results.relative_lift,
    results.interval_low,
    results.interval_high,
    results.adjusted_p_value,
    results.incremental_total,
    results.power,
    experiments.hypothesis,
    experiments.excluded_contact_count

from results

inner join experiments on results.experiment_name = experiments.experiment_name

order by results.experiment_name asc, results.adjusted_p_value asc, results.variant asc, results.metric asc
