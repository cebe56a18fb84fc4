-- How many checks of what came in pass, warn or fail, by raw table?
select
    raw_table,
    status,
    count(*) as check_count
from {{ ref('crm_segmentation', 'input_checks') }}
group by raw_table, status
order by raw_table asc, status asc
