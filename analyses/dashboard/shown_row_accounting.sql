-- What became of every row that came in?
select
    raw_table,
    rows_in,
    rows_kept,
    rows_superseded,
    rows_rejected,
    rows_early,
    rows_late
from {{ ref('crm_segmentation', 'row_accounting') }}
order by rows_in desc, raw_table asc
