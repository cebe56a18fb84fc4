-- How old is the newest row of each system in each raw table?
select
    checks.raw_table,
    checks.source_system,
    max(checks.last_day) as newest_day,
    min({{ crm_segmentation.days_between('checks.last_day', 'run_info.as_of_date') }}) as age_days
from {{ ref('crm_segmentation', 'input_checks') }} as checks
cross join {{ ref('crm_segmentation', 'run_info') }} as run_info
where checks.last_day is not null
group by checks.raw_table, checks.source_system
order by newest_day asc, checks.raw_table asc, checks.source_system asc
