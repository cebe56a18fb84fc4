-- How many customers did each month win, win back, let lapse and lose?
with

stages as (

    select
        lifecycle_stage,
        previous_stage,
        cast({{ dbt.date_trunc('month', 'valid_from') }} as date) as entered_month

    from {{ ref('crm_segmentation', 'contact_lifecycle_history') }}

)

select
    entered_month,
    sum(case when previous_stage = 'prospect' then 1 else 0 end) as won,
    sum(case when lifecycle_stage = 'reactivated' then 1 else 0 end) as won_back,
    sum(case when lifecycle_stage = 'lapsed' then 1 else 0 end) as lapsed,
    sum(case when lifecycle_stage = 'churned' then 1 else 0 end) as churned

from stages

group by entered_month

order by entered_month desc
