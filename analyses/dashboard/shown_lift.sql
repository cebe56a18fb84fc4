-- What did contacting a segment change against the members who were held out?
select
    lifts.metric as metric_code,
    coalesce(metric_labels.label, {{ crm_segmentation.in_words('lifts.metric') }}) as metric,
    lifts.contacted_count,
    lifts.holdout_count,
    lifts.contacted_value,
    lifts.holdout_value,
    lifts.difference,
    lifts.interval_low,
    lifts.interval_high,
    lifts.p_value,
    coalesce(definitions.label, {{ crm_segmentation.in_words('lifts.segment_name') }}) as segment
from {{ ref('crm_segmentation', 'segment_lift') }} as lifts
left join {{ ref('crm_segmentation', 'segment_definitions') }} as definitions
    on lifts.segment_name = definitions.segment_name
left join {{ ref('crm_segmentation', 'code_labels') }} as metric_labels
    on metric_labels.code_kind = 'metric' and lifts.metric = metric_labels.code
where lifts.difference is not null
order by lifts.metric asc, lifts.difference desc, lifts.segment_name asc
