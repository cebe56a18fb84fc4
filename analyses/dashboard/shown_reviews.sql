-- Which segments should somebody look at, who, and what should they do?
select
    reviews.owned_by,
    reviews.advice,
    definitions.model,
    coalesce(definitions.label, {{ crm_segmentation.in_words('definitions.segment_name') }}) as segment,
    coalesce(warning_labels.label, {{ crm_segmentation.in_words('reviews.warning') }}) as warning
from {{ ref('crm_segmentation', 'segment_review') }} as reviews
inner join {{ ref('crm_segmentation', 'segment_definitions') }} as definitions
    on reviews.segment_name = definitions.segment_name
left join {{ ref('crm_segmentation', 'code_labels') }} as warning_labels
    on warning_labels.code_kind = 'warning' and reviews.warning = warning_labels.code
order by reviews.warning asc, reviews.segment_name asc
