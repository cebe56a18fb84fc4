-- Guarantees that only contacts whose window is over count, and that each segment is compared with its own holdout.
with
{%- if has_feature('campaigns') %}

breaches as (

    select
        entries.segment_name,
        count(distinct entries.contact_id) as holdout_breach_count

    from {{ ref('crm_segmentation', 'int_segment_effects__entries') }} as entries

    inner join {{ ref('crm_segmentation', 'campaign_sends') }} as sends
        on
            entries.contact_id = sends.contact_id and entries.is_complete and entries.is_held_out
            and {{ in_outcome_window('cast(sends.sent_at as date)', 'entries.entered_on', var('segment_outcome_days')) }}

    group by entries.segment_name

),
{%- endif %}

compared_groups as (

    select
        segment_name,
        is_held_out as is_control,
        count(*) as contact_count,
        sum(case when purchase_count_after > 0 then 1 else 0 end) as purchaser_count,
        sum(revenue_after) as revenue_total,
        sum({{ exact_product('revenue_after', 'revenue_after') }}) as revenue_square_total

    from {{ ref('crm_segmentation', 'int_segment_effects__entries') }}
    where is_complete

    group by segment_name, is_held_out

),

totals as (
    {%- for metric, metric_kind, total in [('purchased', 'share', 'purchaser_count'), ('revenue', 'mean', 'revenue_total')] %}

    select
        segment_name,
        case when is_control then 'held_out' else 'contacted' end as variant,
        is_control,
        '{{ metric }}' as metric,
        '{{ metric_kind }}' as metric_kind,
        false as lower_is_better,
        cast(contact_count as bigint) as contact_count,
        cast({{ total }} as numeric(18, 2)) as metric_total,
        cast({{ 'revenue_square_total' if metric_kind == 'mean' else 'null' }} as {{ double_type() }}) as metric_square_total

    from compared_groups
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

tests as (

    {{ with_control_tests('totals', 'segment_name') }}

),

with_p_values as (

    {{ with_p_values('tests') }}

),

segment_lift as (

    select
        cast(with_p_values.segment_name as {{ dbt.type_string() }}) as segment_name,
        cast(with_p_values.metric as {{ dbt.type_string() }}) as metric,
        cast(with_p_values.contact_count as bigint) as contacted_count,
        cast(coalesce(with_p_values.control_contacts, 0) as bigint) as holdout_count,
        cast({{ 'coalesce(breaches.holdout_breach_count, 0)' if has_feature('campaigns') else 'null' }} as bigint) as holdout_breach_count,
        cast(with_p_values.metric_value as {{ double_type() }}) as contacted_value,
        cast(with_p_values.control_value as {{ double_type() }}) as holdout_value,
        {%- for column in ['difference', 'statistic', 'p_value'] %}
        cast(with_p_values.{{ column }} as {{ double_type() }}) as {{ column }},
        {%- endfor %}
        cast(with_p_values.difference - with_p_values.interval_half_width as {{ double_type() }}) as interval_low,
        cast(with_p_values.difference + with_p_values.interval_half_width as {{ double_type() }}) as interval_high,
        cast(with_p_values.difference / nullif(abs(with_p_values.control_value), 0e0) as {{ double_type() }}) as relative_lift,
        cast(with_p_values.difference * with_p_values.contacts as {{ double_type() }}) as incremental_total,
        {{ as_of_date() }} as as_of_date

    from with_p_values
    {{ 'left join breaches on with_p_values.segment_name = breaches.segment_name' if has_feature('campaigns') }}

    where not with_p_values.is_control

),

{{ with_segment_labels('segment_lift') }}

select * from labelled
