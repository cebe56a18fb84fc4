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
    coalesce(earlier_labels.label, {{ crm_segmentation.in_words('earlier.rfm_group') }}) as earlier_group,
    coalesce(later_labels.label, {{ crm_segmentation.in_words('later.rfm_group') }}) as current_group,
    count(*) as customer_count
from earlier_months
inner join {{ ref('crm_segmentation', 'contact_rfm_history') }} as earlier
    on earlier_months.month_end = earlier.month_end
inner join {{ ref('crm_segmentation', 'contact_rfm_history') }} as later
    on earlier.contact_id = later.contact_id
inner join last_month on later.month_end = last_month.month_end
inner join {{ ref('crm_segmentation', 'contact_traits') }} as traits
    on later.contact_id = traits.contact_id
left join {{ ref('crm_segmentation', 'code_labels') }} as earlier_labels
    on earlier_labels.code_kind = 'rfm_group' and earlier.rfm_group = earlier_labels.code
left join {{ ref('crm_segmentation', 'code_labels') }} as later_labels
    on later_labels.code_kind = 'rfm_group' and later.rfm_group = later_labels.code
where not traits.is_erased
group by earlier_months.month_end, earlier.rfm_group, later.rfm_group, earlier_labels.label, later_labels.label
order by earlier.rfm_group asc, later.rfm_group asc
