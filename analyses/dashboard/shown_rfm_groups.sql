-- How many customers were in each RFM group at each month end?
select
    history.month_end,
    replace(history.rfm_group, '_', ' ') as rfm_group,
    count(*) as customer_count
from {{ ref('crm_segmentation', 'contact_rfm_history') }} as history
inner join {{ ref('crm_segmentation', 'contact_traits') }} as traits
    on history.contact_id = traits.contact_id
where not traits.is_erased
group by history.month_end, history.rfm_group
order by history.month_end asc, history.rfm_group asc
