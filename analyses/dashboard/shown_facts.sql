-- As of when, in which currency, and about how many people do the boards speak?
with

contact_counts as (

    select
        count(*) as contact_count,
        sum(case when purchase_count > 0 then 1 else 0 end) as customer_count,
        sum(case when lifecycle_stage in ('new', 'active', 'loyal', 'reactivated') then 1 else 0 end) as active_customer_count

    from {{ ref('crm_segmentation', 'contact_traits') }}

    where not is_erased

),

segment_counts as (

    select
        count(*) as segment_count,
        sum(case when contact_count > 0 then 1 else 0 end) as filled_segment_count

    from {{ ref('crm_segmentation', 'segment_definitions') }}

),

measured_days as (

    select count(distinct as_of_date) as measured_day_count
    from {{ ref('crm_segmentation', 'segment_profiles') }}

)

select
    run_info.as_of_date,
    run_info.reporting_currency,
    run_info.is_demo,
    {{ var('smallest_shown_count') }} as smallest_shown_count,
    contact_counts.contact_count,
    contact_counts.customer_count,
    contact_counts.active_customer_count,
    segment_counts.segment_count,
    segment_counts.filled_segment_count,
    measured_days.measured_day_count,
    case when measured_days.measured_day_count > 1 then 1 else 0 end as has_history
from {{ ref('crm_segmentation', 'run_info') }} as run_info
cross join contact_counts
cross join segment_counts
cross join measured_days
