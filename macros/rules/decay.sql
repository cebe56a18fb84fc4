{# What is left of points after some days, half of it after each half-life, to eight digits; all of it without one. The
   share is cut to whole hundred-millionths before it meets the points, so that no engine's own binary rounding shows. #}
{% macro decayed(points, age_days, half_life_days) -%}
    case
        when {{ half_life_days }} is null then cast({{ points }} as numeric(18, 8))
        else cast(
            cast({{ points }} as numeric(10, 0))
            * cast(floor(power(0.5e0, {{ age_days }} * 1e0 / {{ half_life_days }}) * 1e8 + 5e-1) as numeric(10, 0))
            * cast(0.00000001 as numeric(9, 8)) as numeric(18, 8)
        )
    end
{%- endmacro %}
