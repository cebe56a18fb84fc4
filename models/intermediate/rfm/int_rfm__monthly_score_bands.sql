with

measures as (

    select * from {{ ref('crm_segmentation', 'int_rfm__monthly_measures') }}

),

presets as (

    select * from {{ ref('crm_segmentation', 'rfm_presets') }}
    where preset = '{{ var("rfm_preset") }}'

),

{% if var('rfm_method') == 'quantile' -%}
{{ rfm_ordered_values(['month_end']) }},

{{ rfm_quantile_cut_points(['month_end']) }},
{%- else -%}
measured_months as (

    select distinct month_end from measures

),

thresholds as (

    {{ threshold_rows(var('rfm_thresholds')) | indent(4) }}

),

cut_points as (

    select
        measured_months.month_end,
        thresholds.measure,
        thresholds.cut_number,
        cast(thresholds.cut_point as numeric(24, 6)) as cut_point

    from measured_months

    cross join thresholds

),
{%- endif %}

{{ rfm_score_bands(['month_end']) }}

select * from scored_bands
