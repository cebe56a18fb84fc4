with

entries as (

    select * from {{ ref('crm_segmentation', 'int_segment_effects__entries') }}
    where is_complete

),

{%- if has_feature('campaigns') %}

sends as (

    select * from {{ ref('crm_segmentation', 'campaign_sends') }}

),

breaches as (

    select
        entries.segment_name,
        count(distinct entries.contact_id) as holdout_breach_count

    from entries

    inner join sends
        on
            entries.contact_id = sends.contact_id
            and {{ in_outcome_window('cast(sends.sent_at as date)', 'entries.entered_on', var('segment_outcome_days')) }}

    where entries.is_held_out

    group by entries.segment_name

),
{%- endif %}

groups as (

    select
        segment_name,
        is_held_out as is_control,
        count(*) as contact_count,
        sum(case when purchase_count_after > 0 then 1 else 0 end) as purchaser_count,
        sum(revenue_after) as revenue_total,
        sum({{ exact_product('revenue_after', 'revenue_after') }}) as revenue_square_total

    from entries

    group by segment_name, is_held_out

),

totals as (

    select
        segment_name,
        case when is_control then 'held_out' else 'contacted' end as variant,
        is_control,
        'purchased' as metric,
        'share' as metric_kind,
        false as lower_is_better,
        cast(contact_count as bigint) as contact_count,
        cast(purchaser_count as numeric(18, 2)) as metric_total,
        cast(null as {{ double_type() }}) as metric_square_total

    from groups

    union all

    select
        segment_name,
        case when is_control then 'held_out' else 'contacted' end as variant,
        is_control,
        'revenue' as metric,
        'mean' as metric_kind,
        false as lower_is_better,
        cast(contact_count as bigint) as contact_count,
        cast(revenue_total as numeric(18, 2)) as metric_total,
        cast(revenue_square_total as {{ double_type() }}) as metric_square_total

    from groups

),

tests as (

    {{ with_control_tests('totals', 'segment_name') }}

),

judged as (

    {{ with_p_values('tests') }}

),

segment_lift as (

    select
        cast(judged.segment_name as {{ dbt.type_string() }}) as segment_name,
        cast(judged.metric as {{ dbt.type_string() }}) as metric,
        cast(judged.contact_count as bigint) as contacted_count,
        cast(coalesce(judged.control_contacts, 0) as bigint) as holdout_count,
        cast({{ 'coalesce(breaches.holdout_breach_count, 0)' if has_feature('campaigns') else 'null' }} as bigint) as holdout_breach_count,
        cast(judged.metric_value as {{ double_type() }}) as contacted_value,
        cast(judged.control_value as {{ double_type() }}) as holdout_value,
        cast(judged.difference as {{ double_type() }}) as difference,
        cast(judged.difference - judged.interval_half_width as {{ double_type() }}) as interval_low,
        cast(judged.difference + judged.interval_half_width as {{ double_type() }}) as interval_high,
        cast(judged.difference / nullif(abs(judged.control_value), 0e0) as {{ double_type() }}) as relative_lift,
        cast(judged.statistic as {{ double_type() }}) as statistic,
        cast(judged.p_value as {{ double_type() }}) as p_value,
        cast(judged.difference * judged.contacts as {{ double_type() }}) as incremental_total

    from judged

    {{ 'left join breaches on judged.segment_name = breaches.segment_name' if has_feature('campaigns') }}

    where not judged.is_control

)

select * from segment_lift
