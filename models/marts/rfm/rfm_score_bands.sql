with

cut_points as (

    select * from {{ ref('crm_segmentation', 'rfm_cut_points') }}

),

presets as (

    select * from {{ ref('crm_segmentation', 'rfm_presets') }}
    where preset = '{{ var("rfm_preset") }}'

),

{{ rfm_score_bands() }}

select * from scored_bands
