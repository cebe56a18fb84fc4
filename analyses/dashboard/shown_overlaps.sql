-- Which segments hold nearly the same people?
select
    shared.contact_count,
    shared.other_contact_count,
    shared.shared_contact_count,
    shared.jaccard,
    coalesce(definitions.label, {{ crm_segmentation.in_words('definitions.segment_name') }}) as segment,
    coalesce(other_definitions.label, {{ crm_segmentation.in_words('other_definitions.segment_name') }}) as other_segment
from {{ ref('crm_segmentation', 'segment_overlaps') }} as shared
inner join {{ ref('crm_segmentation', 'segment_definitions') }} as definitions
    on shared.segment_name = definitions.segment_name
inner join {{ ref('crm_segmentation', 'segment_definitions') }} as other_definitions
    on shared.other_segment_name = other_definitions.segment_name
where
    shared.jaccard >= 0.3
    -- A pair stands once, in one order.
    and shared.segment_name < shared.other_segment_name
order by shared.jaccard desc, shared.segment_name asc, shared.other_segment_name asc
