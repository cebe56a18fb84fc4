-- Where are the customers of half a year ago now, by RFM group?
with

last_month as (

    select max(month_end) as month_end
    from {{ ref('crm_segmentation', 'contact_rfm_history') }}

),

earlier_months as (

    select max(history.month_end) as month_end

    from {{ ref('crm_segmentation', 'contact_rfm_history') }} as history

    cross join last_month

    where history.month_end < {{ crm_segmentation.add_days('last_month.month_end', -175) }}

)

select
    earlier_months.month_end as from_month_end,
    replace(earlier.rfm_group, '_', ' ') as earlier_group,
    replace(later.rfm_group, '_', ' ') as current_group,
    count(*) as customer_count
from earlier_months
inner join {{ ref('crm_segmentation', 'contact_rfm_history') }} as earlier
    on earlier_months.month_end = earlier.month_end
inner join {{ ref('crm_segmentation', 'contact_rfm_history') }} as later
    on earlier.contact_id = later.contact_id
inner join last_month on later.month_end = last_month.month_end
inner join {{ ref('crm_segmentation', 'contact_traits') }} as traits
    on later.contact_id = traits.contact_id
where not traits.is_erased
group by earlier_months.month_end, earlier.rfm_group, later.rfm_group
order by earlier.rfm_group asc, later.rfm_group asc
