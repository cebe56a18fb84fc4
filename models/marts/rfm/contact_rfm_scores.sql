with

measures as (

    select * from {{ ref('crm_segmentation', 'contact_rfm_measures') }}

),

bands as (

    select * from {{ ref('crm_segmentation', 'rfm_score_bands') }}

),

cells as (

    select * from {{ ref('crm_segmentation', 'rfm_cells') }}
    where preset = '{{ var("rfm_preset") }}'

),

{{ rfm_scores() }},

{{ rfm_groups() }}

select * from grouped
