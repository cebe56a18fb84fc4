{# The last rfm_window_days days before a day, both ends included; all history when it is empty. #}
{% macro in_rfm_window(date, day) -%}
    {%- if var('rfm_window_days') -%}
        {{ crm_segmentation.days_between(date, day) }} <= {{ var('rfm_window_days') }}
    {%- else -%}
        {{ date }} is not null
    {%- endif -%}
{%- endmacro %}


{# quantile: beyond the lower cut point, up to the upper one. thresholds: from the lower one, below the upper one. #}
{% macro in_score_band(measure, band) -%}
    (
        {{ band }}.lower_bound is null
        or {{ measure }} > {{ band }}.lower_bound
        or ({{ band }}.includes_lower_bound and {{ measure }} = {{ band }}.lower_bound)
    )
    and (
        {{ band }}.upper_bound is null
        or {{ measure }} < {{ band }}.upper_bound
        or (not {{ band }}.includes_lower_bound and {{ measure }} = {{ band }}.upper_bound)
    )
{%- endmacro %}


{# The digits side by side; with a dash between them where one may be 10. #}
{% macro rfm_cell(recency_score, frequency_score, monetary_score) -%}
    {%- set digits = [] -%}
    {%- for score in [recency_score, frequency_score, monetary_score] -%}
        {%- do digits.append('cast(' ~ score ~ ' as ' ~ dbt.type_string() ~ ')') -%}
    {%- endfor -%}
    case
        when presets.highest_score > 9 then {{ digits | join(" || '-' || ") }}
        else {{ digits | join(' || ') }}
    end
{%- endmacro %}


{# rfm_thresholds as rows (measure, cut_number, cut_point). #}
{% macro threshold_rows(thresholds) -%}
    {%- set rows = [] -%}
    {%- for measure in ['recency', 'frequency', 'monetary'] -%}
        {%- for threshold in thresholds[measure] -%}
            {%- do rows.append("select '" ~ measure ~ "' as measure, " ~ loop.index ~ " as cut_number, " ~ threshold ~ " as cut_point") -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- rows | join('\nunion all\n') -}}
{%- endmacro %}


{# The three measures of a customer on a day, from the purchases (or visits) up to it. #}
{% macro rfm_measures(day) -%}
    {%- set in_window = crm_segmentation.in_rfm_window('happened_on', day) -%}
    {%- set count = 'count(case when ' ~ in_window ~ ' then 1 end)' -%}
    {%- set total = 'sum(case when ' ~ in_window ~ ' then net_amount end)' -%}
    cast(min({{ crm_segmentation.days_between('happened_on', day) }}) as {{ dbt.type_int() }}) as recency_days,
        cast({{ count }} as {{ dbt.type_int() }}) as frequency,
        {%- if var('rfm_monetary') == 'average' %}
        coalesce({{ crm_segmentation.rounded_ratio(total, 'nullif(' ~ count ~ ', 0)', scale=2) }}, cast(0 as numeric(18, 2))) as monetary
        {%- else %}
        cast(coalesce({{ total }}, 0) as numeric(18, 2)) as monetary
        {%- endif %}
{%- endmacro %}


{# Common table expressions from measures to ordered_values: every value of a measure with its place, 0 for the lowest.
   keys: what else, beside the measure, a distribution is made for. #}
{% macro rfm_ordered_values(keys=[]) -%}
{%- set partition = (keys + ['measure']) | join(', ') -%}
measured_values as (

    {%- for measure, column in {'recency': 'recency_days', 'frequency': 'frequency', 'monetary': 'monetary'}.items() %}

    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        '{{ measure }}' as measure,
        cast({{ column }} as numeric(18, 2)) as measured_value

    from measures
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

ordered_values as (

    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        measure,
        measured_value,
        row_number() over (partition by {{ partition }} order by measured_value asc) - 1 as value_position,
        count(*) over (partition by {{ partition }}) as customer_count

    from measured_values

)
{%- endmacro %}


{# Common table expressions from ordered_values and presets to cut_points: the type-7 quantiles. #}
{% macro rfm_quantile_cut_points(keys=[]) -%}
{%- set partition = keys + ['measure'] -%}
cut_numbers as (

    {{ crm_segmentation.integers(1, 9) | indent(4) }}

),

customer_counts as (

    select
        {{ partition | join(',\n        ') }},
        count(*) as customer_count

    from ordered_values

    group by {{ partition | join(', ') }}

),

-- The type-7 quantile i / k stands (n - 1) i / k places after the lowest of n values, in general between two of them.
scaled_positions as (

    select
        {%- for key in partition %}
        customer_counts.{{ key }},
        {%- endfor %}
        cut_numbers.number as cut_number,
        presets.highest_score - presets.lowest_score + 1 as score_count,
        (customer_counts.customer_count - 1) * cut_numbers.number as scaled_position

    from customer_counts

    cross join presets

    inner join cut_numbers on presets.highest_score - presets.lowest_score >= cut_numbers.number

),

value_positions as (

    select
        {%- for key in partition %}
        {{ key }},
        {%- endfor %}
        cut_number,
        score_count,
        cast((scaled_position - {{ crm_segmentation.remainder('scaled_position', 'score_count') }}) / score_count as bigint) as lower_position,
        {{ crm_segmentation.remainder('scaled_position', 'score_count') }} as position_remainder

    from scaled_positions

),

-- Worked out from whole positions, not from a share such as 0.6, which no binary number is exactly. Only what is added
-- to the lower value may become a binary number on the way, or a large amount would not equal itself.
cut_points as (

    select
        {%- for key in partition %}
        value_positions.{{ key }},
        {%- endfor %}
        value_positions.cut_number,
        cast(
            lower_values.measured_value
            + cast(
                cast(
                    coalesce(upper_values.measured_value - lower_values.measured_value, 0)
                    * value_positions.position_remainder as numeric(24, 6)
                ) / value_positions.score_count as numeric(24, 6)
            ) as numeric(24, 6)
        ) as cut_point

    from value_positions

    inner join ordered_values as lower_values
        on
            {% for key in partition -%}
            value_positions.{{ key }} = lower_values.{{ key }} and {% endfor -%}
            value_positions.lower_position = lower_values.value_position

    left join ordered_values as upper_values
        on
            {% for key in partition -%}
            value_positions.{{ key }} = upper_values.{{ key }} and {% endfor -%}
            value_positions.lower_position + 1 = upper_values.value_position

)
{%- endmacro %}


{# Common table expressions from cut_points and presets to scored_bands: the values that earn each score. k cut points
   make k + 1 bands: below the first, between two, beyond the last. #}
{% macro rfm_score_bands(keys=[]) -%}
{%- set partition = keys + ['measure'] -%}
lower_bounds as (

    select
        {{ partition | join(',\n        ') }},
        cut_number as band_number,
        cut_point as lower_bound

    from cut_points

    union all

    select distinct
        {{ partition | join(',\n        ') }},
        0 as band_number,
        cast(null as numeric(24, 6)) as lower_bound

    from cut_points

),

bands as (

    select
        {{ partition | join(',\n        ') }},
        band_number,
        lower_bound,
        lead(lower_bound) over (partition by {{ partition | join(', ') }} order by band_number asc) as upper_bound

    from lower_bounds

),

-- Few days since the last purchase are the best, so recency counts down.
scored_bands as (

    select
        {%- for key in partition %}
        bands.{{ key }},
        {%- endfor %}
        cast(
            case
                when bands.measure = 'recency' then presets.highest_score - bands.band_number
                else presets.lowest_score + bands.band_number
            end as {{ dbt.type_int() }}
        ) as score,
        bands.lower_bound,
        bands.upper_bound,
        {{ 'true' if var('rfm_method') == 'thresholds' else 'false' }} as includes_lower_bound

    from bands

    cross join presets

)
{%- endmacro %}


{# Common table expressions from measures and bands to scored: every customer with three scores. #}
{% macro rfm_scores(keys=[]) -%}
scored as (

    select
        {%- for column in ['contact_id'] + keys + ['recency_days', 'frequency', 'monetary'] %}
        measures.{{ column }},
        {%- endfor %}
        recency_bands.score as recency_score,
        frequency_bands.score as frequency_score,
        monetary_bands.score as monetary_score

    from measures
    {%- for measure, column in {'recency': 'recency_days', 'frequency': 'frequency', 'monetary': 'monetary'}.items() %}
    {%- set band = measure ~ '_bands' %}

    left join bands as {{ band }}
        on
            {% for key in keys -%}
            measures.{{ key }} = {{ band }}.{{ key }} and {% endfor -%}
            {{ band }}.measure = '{{ measure }}' and {{ crm_segmentation.in_score_band('measures.' ~ column, band) }}
    {%- endfor %}

)
{%- endmacro %}


{# Common table expressions from scored and cells to grouped: the scores with their sum, cell and group. #}
{% macro rfm_groups(keys=[]) -%}
grouped as (

    select
        {%- for column in ['contact_id'] + keys + ['recency_days', 'frequency', 'monetary'] %}
        scored.{{ column }},
        {%- endfor %}
        scored.recency_score,
        scored.frequency_score,
        scored.monetary_score,
        cells.rfm_score,
        cells.rfm_cell,
        cells.rfm_group

    from scored

    left join cells
        on
            scored.recency_score = cells.recency_score
            and scored.frequency_score = cells.frequency_score
            and scored.monetary_score = cells.monetary_score

)
{%- endmacro %}
