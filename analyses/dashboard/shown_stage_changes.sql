-- Of the customers who left a lifecycle stage within a year, how many went where? Who went twice counts once.
select
    coalesce(earlier_labels.label, {{ crm_segmentation.in_words('history.previous_stage') }}) as earlier_stage,
    coalesce(later_labels.label, {{ crm_segmentation.in_words('history.lifecycle_stage') }}) as later_stage,
    earlier_labels.display_order as earlier_order,
    later_labels.display_order as later_order,
    count(distinct history.contact_id) as contact_count
from {{ ref('crm_segmentation', 'contact_lifecycle_history') }} as history
inner join {{ ref('crm_segmentation', 'contact_traits') }} as traits
    on history.contact_id = traits.contact_id
inner join {{ ref('crm_segmentation', 'run_info') }} as run_info
    on history.valid_from > {{ crm_segmentation.add_days('run_info.as_of_date', -365) }}
left join {{ ref('crm_segmentation', 'code_labels') }} as earlier_labels
    on earlier_labels.code_kind = 'lifecycle_stage' and history.previous_stage = earlier_labels.code
left join {{ ref('crm_segmentation', 'code_labels') }} as later_labels
    on later_labels.code_kind = 'lifecycle_stage' and history.lifecycle_stage = later_labels.code
where history.previous_stage is not null and not traits.is_erased
group by
    history.previous_stage, history.lifecycle_stage, earlier_labels.label, later_labels.label, earlier_labels.display_order,
    later_labels.display_order
order by earlier_order asc, later_order asc
