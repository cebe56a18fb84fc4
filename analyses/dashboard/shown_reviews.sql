-- Which segments should somebody look at, who, and what should they do?
select
    reviews.owned_by,
    reviews.advice,
    coalesce(definitions.label, replace(definitions.segment_name, '_', ' ')) as segment,
    replace(reviews.warning, '_', ' ') as warning
from {{ ref('crm_segmentation', 'segment_review') }} as reviews
inner join {{ ref('crm_segmentation', 'segment_definitions') }} as definitions
    on reviews.segment_name = definitions.segment_name
order by reviews.warning asc, reviews.segment_name asc
