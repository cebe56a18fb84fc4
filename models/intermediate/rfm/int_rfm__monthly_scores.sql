{{ config(incremental_strategy=incremental_strategy('append')) -}}

with

measures as (

    select * from {{ ref('crm_segmentation', 'int_rfm__monthly_measures') }}

),

bands as (

    select * from {{ ref('crm_segmentation', 'int_rfm__monthly_score_bands') }}

),

months as (

    select * from {{ ref('crm_segmentation', 'int_rfm__month_ends') }}

),

{{ rfm_scores(['month_end']) }},

monthly_scores as (

    select
        scored.*,
        months.purchases_fingerprint

    from scored

    inner join months on scored.month_end = months.month_end

)

select * from monthly_scores
