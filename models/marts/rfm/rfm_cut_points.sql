with

{{ imports({
    'measures': 'contact_rfm_measures',
    'presets': ['rfm_presets', "preset = '" ~ var('rfm_preset') ~ "'"],
}) }}

{{ rfm_ordered_values() }},

{{ rfm_quantile_cut_points() }},
{%- if var('rfm_method') == 'thresholds' %}

thresholds as (

    {{ threshold_rows(var('rfm_thresholds')) | indent(4) }}

),
{%- endif %}

typed as (

    select
        cast(measure as {{ dbt.type_string() }}) as measure,
        cast(cut_number as {{ dbt.type_int() }}) as cut_number,
        cast(cut_point as numeric(24, 6)) as cut_point,
        {{ as_of_date() }} as as_of_date

    from {{ 'thresholds' if var('rfm_method') == 'thresholds' else 'cut_points' }}

)

select * from typed
