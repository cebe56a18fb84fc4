with

cut_points as (

    select * from {{ ref('crm_segmentation', 'rfm_cut_points') }}

),

presets as (

    select * from {{ ref('crm_segmentation', 'rfm_presets') }}
    where preset = '{{ var("rfm_preset") }}'

),

{{ rfm_score_bands() }},

bands_of_the_day as (

    select
        scored_bands.*,
        {{ as_of_date() }} as as_of_date

    from scored_bands

)

select * from bands_of_the_day
