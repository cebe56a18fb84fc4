with

ordered_values as (

    select * from {{ ref('crm_segmentation', 'int_rfm__ordered_values') }}

),

presets as (

    select * from {{ ref('crm_segmentation', 'rfm_presets') }}
    where preset = '{{ var("rfm_preset") }}'

),

{{ rfm_quantile_cut_points() }}

select * from cut_points
