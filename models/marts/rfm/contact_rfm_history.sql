with

scored as (

    select * from {{ ref('crm_segmentation', 'int_rfm__monthly_scores') }}

),

cells as (

    select * from {{ ref('crm_segmentation', 'rfm_cells') }}
    where preset = '{{ var("rfm_preset") }}'

),

{{ rfm_groups(['month_end']) }}

select * from grouped
