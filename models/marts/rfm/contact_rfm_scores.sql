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

{{ rfm_groups() }},

scores_of_the_day as (

    select
        grouped.*,
        {{ as_of_date() }} as as_of_date

    from grouped

)

select * from scores_of_the_day
