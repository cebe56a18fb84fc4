with

{% if var('rfm_method') == 'quantile' -%}
cut_points as (

    select * from {{ ref('crm_segmentation', 'int_rfm__quantile_cut_points') }}

),
{%- else -%}
cut_points as (

    {{ threshold_rows(var('rfm_thresholds')) | indent(4) }}

),
{%- endif %}

typed as (

    select
        cast(measure as {{ dbt.type_string() }}) as measure,
        cast(cut_number as {{ dbt.type_int() }}) as cut_number,
        cast(cut_point as numeric(24, 6)) as cut_point,
        {{ as_of_date() }} as as_of_date

    from cut_points

)

select * from typed
