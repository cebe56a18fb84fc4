-- How many contacts were in each lifecycle stage at each month end?
with

month_ends as (

    select distinct month_end
    from {{ ref('crm_segmentation', 'contact_rfm_history') }}

)

select
    month_ends.month_end,
    coalesce(stage_labels.label, {{ crm_segmentation.in_words('history.lifecycle_stage') }}) as lifecycle_stage,
    stage_labels.display_order as stage_order,
    count(*) as contact_count
from month_ends
inner join {{ ref('crm_segmentation', 'contact_lifecycle_history') }} as history
    on
        month_ends.month_end >= history.valid_from
        and (history.valid_to is null or month_ends.month_end < history.valid_to)
inner join {{ ref('crm_segmentation', 'contact_traits') }} as traits
    on history.contact_id = traits.contact_id
left join {{ ref('crm_segmentation', 'code_labels') }} as stage_labels
    on stage_labels.code_kind = 'lifecycle_stage' and history.lifecycle_stage = stage_labels.code
where not traits.is_erased
group by month_ends.month_end, history.lifecycle_stage, stage_labels.label, stage_labels.display_order
order by month_ends.month_end asc, stage_order asc
