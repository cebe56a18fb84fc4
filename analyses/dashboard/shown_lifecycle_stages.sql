-- How many contacts were in each lifecycle stage at each month end?
with

month_ends as (

    select distinct month_end
    from {{ ref('crm_segmentation', 'contact_rfm_history') }}

)

select
    month_ends.month_end,
    history.lifecycle_stage,
    case history.lifecycle_stage
        when 'prospect' then 1
        when 'new' then 2
        when 'active' then 3
        when 'loyal' then 4
        when 'reactivated' then 5
        when 'lapsed' then 6
        else 7
    end as stage_order,
    count(*) as contact_count
from month_ends
inner join {{ ref('crm_segmentation', 'contact_lifecycle_history') }} as history
    on
        month_ends.month_end >= history.valid_from
        and (history.valid_to is null or month_ends.month_end < history.valid_to)
inner join {{ ref('crm_segmentation', 'contact_traits') }} as traits
    on history.contact_id = traits.contact_id
where not traits.is_erased
group by month_ends.month_end, history.lifecycle_stage
order by month_ends.month_end asc, stage_order asc
