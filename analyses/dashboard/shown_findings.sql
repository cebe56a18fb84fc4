-- Which checks found most?
select
    raw_table,
    source_system,
    looked_at,
    status,
    row_count,
    failing_count,
    failing_share
from {{ ref('crm_segmentation', 'input_checks') }}
where
    failing_count > 0
    -- What has no decision is no defect, and row_accounting has the rejected rows.
    and (status != 'ok' or check_name not in ('decisions', 'decisions_by_channel', 'rejection_reasons', 'rejected_rows'))
order by
    case status when 'error' then 0 when 'warn' then 1 else 2 end asc,
    failing_share desc,
    raw_table asc,
    source_system asc,
    looked_at asc
limit 15
