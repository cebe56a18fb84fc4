{# For every row of beliefs the mean, over p ~ Beta(dropout, survival), of (1 - (1 + p s)^-shape) / p, where s is horizon_share:
   the purchases expected of an active customer whose rate is gamma distributed and who drops out after each with probability p.
   Fader, Hardie and Lee write it as (c / (a - 1)) (1 - (1 - z)^shape 2F1(shape, survival; c; z)) with a = dropout, c = a + survival - 1,
   z = s / (1 + s), which loses all digits near a = 1 and whose series wants as many terms as there are purchases to expect. The mean itself
   has neither fault: the trapezoidal rule over the log odds of p, spread by sinh, so that both tails vanish as exp(-exp(x)) does. 129
   points give a relative error below 1e-6 for a and b from 0.02 to 100, shape up to 1000, s up to 1000 and shape * s up to 3000. #}
{%- macro expected_purchases_while_active(beliefs, keys) -%}
with

steps as (

    {{ crm_segmentation.integers(-64, 64) | indent(4) }}

),

spreads as (

    select
        (exp(number / 8e0) - exp(-number / 8e0)) / 2e0 as spread,
        (exp(number / 8e0) + exp(-number / 8e0)) / 2e0 as step_width

    from steps

),

points as (

    select
        {{ beliefs }}.*,
        spreads.spread,
        spreads.step_width,
        ln({{ beliefs }}.dropout / {{ beliefs }}.survival) as central_log_odds,
        ln({{ beliefs }}.dropout / {{ beliefs }}.survival) + spreads.spread as log_odds

    from {{ beliefs }}

    cross join spreads

    -- Keeps an engine from writing one step out into every place where the next one uses it; so do the others.
    {{ crm_segmentation.by_itself() }}

),

-- The density beside that of the central point, so that no beta function is needed. Below e^-60 the chance makes no difference.
weighted_points as (

    select
        *,
        step_width * {{ crm_segmentation.bounded_exp(
            'dropout * spread - (dropout + survival) * ('
            ~ crm_segmentation.log_of_one_plus_exp('log_odds') ~ ' - ' ~ crm_segmentation.log_of_one_plus_exp('central_log_odds') ~ ')'
        ) }} as weight,
        1e0 / (1e0 + {{ crm_segmentation.bounded_exp('-' ~ crm_segmentation.greatest_of(['log_odds', '-60e0'])) }}) as dropout_probability

    from points

    {{ crm_segmentation.by_itself() }}

),

growths as (

    select
        *,
        shape * {{ crm_segmentation.log_of_one_plus('(dropout_probability * horizon_share)') }} as growth

    from weighted_points

    {{ crm_segmentation.by_itself() }}

),

-- Sums of decimals, because those of doubles depend on the order of the rows.
sums as (

    select
        {{ keys | join(',\n        ') }},
        shape,
        horizon_share,
        sum(cast(weight as numeric(38, 18))) as weight_sum,
        sum(cast(
            weight * case when growth < 1e-5 then growth * (1e0 - growth / 2e0) else 1e0 - {{ crm_segmentation.bounded_exp('-growth') }} end
            / dropout_probability as numeric(38, 18)
        )) as purchase_sum

    from growths

    group by {{ keys | join(', ') }}, shape, horizon_share

)

select
    {{ keys | join(',\n    ') }},
    1e0 - {{ crm_segmentation.bounded_exp('-shape * ' ~ crm_segmentation.log_of_one_plus('horizon_share')) }} as purchase_probability,
    cast(purchase_sum as {{ crm_segmentation.double_type() }}) / cast(weight_sum as {{ crm_segmentation.double_type() }}) as expected_purchases

from sums
{%- endmacro %}


{# ln(1 + e^x) without overflow. #}
{% macro log_of_one_plus_exp(exponent) -%}
    ({{ crm_segmentation.greatest_of([exponent, '0e0']) }} + ln(1e0 + {{ crm_segmentation.bounded_exp('-abs(' ~ exponent ~ ')') }}))
{%- endmacro %}
