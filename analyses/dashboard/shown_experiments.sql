{{ config(enabled=has_feature('experiments')) }}

-- What came of each experiment: the difference to its control, how sure that is, and the verdict?
select
    {{ crm_segmentation.in_words('results.experiment_name') }} as experiment,
    {{ crm_segmentation.in_words('results.variant') }} as variant,
    results.metric as metric_code,
    results.contact_count,
    -- Where a metric is a share, its total is a number of people.
    case when results.metric != 'revenue' then cast(results.metric_total as {{ dbt.type_int() }}) end as reached_count,
    results.metric_value,
    results.difference,
    results.interval_low,
    results.interval_high,
    results.relative_lift,
    results.adjusted_p_value,
    coalesce(results.verdict, 'compared with') as verdict,
    coalesce(metric_labels.label, {{ crm_segmentation.in_words('results.metric') }}) as metric
from {{ ref('crm_segmentation', 'experiment_results') }} as results
left join {{ ref('crm_segmentation', 'code_labels') }} as metric_labels
    on metric_labels.code_kind = 'metric' and results.metric = metric_labels.code
order by results.experiment_name asc, results.metric asc, case when results.verdict is null then 0 else 1 end asc, results.variant asc
