-- Few or stale customers get scores too, but hardly meaningful ones: a warning, not an error.
{{ config(severity='warn') }}

select
    gate,
    figure,
    needed
from {{ ref('crm_segmentation', 'rfm_gates') }}
where not is_met
