-- How many customers were in each RFM group at each month end?
select
    history.month_end,
    coalesce(group_labels.label, {{ crm_segmentation.in_words('history.rfm_group') }}) as rfm_group,
    count(*) as customer_count
from {{ ref('crm_segmentation', 'contact_rfm_history') }} as history
inner join {{ ref('crm_segmentation', 'contact_traits') }} as traits
    on history.contact_id = traits.contact_id
left join {{ ref('crm_segmentation', 'code_labels') }} as group_labels
    on group_labels.code_kind = 'rfm_group' and history.rfm_group = group_labels.code
where not traits.is_erased
group by history.month_end, history.rfm_group, group_labels.label
order by history.month_end asc, history.rfm_group asc
