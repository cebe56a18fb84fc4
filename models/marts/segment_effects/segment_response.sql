{{ config(enabled=has_feature('campaigns')) }}
{%- set shrunk_profit = '(kind_mean + own_weight * (mean_profit - kind_mean))' %}
{#- The mean of the kind is an estimate as well: where a segment has no weight of its own, its interval is that of the kind. #}
{%- set interval_half_width = '(' ~ confidence_point()
    ~ ' * sqrt(own_weight * mean_variance + (1e0 - own_weight) * (1e0 - own_weight) * kind_mean_variance))' %}

-- Guarantees that a segment with few recipients is judged by its kind, and with many by itself.
with

responses as (

    select * from {{ ref('crm_segmentation', 'int_segment_effects__responses') }}

),

-- One variance for all of a kind, because that of nine recipients says little.
kinds as (

    select
        kind,
        count(*) as group_count,
        sum(recipients) as kind_recipients,
        {{ ordered_sum('square_deviation') }} / nullif(sum(recipients) - count(*), 0e0) as variance,
        cast(sum(profit) as {{ double_type() }}) / sum(recipients) as kind_mean,
        sum(recipients) - sum(recipients * recipients) / sum(recipients) as spread_weight

    from responses

    group by kind

),

-- DerSimonian and Laird's estimate of how far the true means lie apart.
spread as (

    select
        kinds.kind,
        kinds.kind_mean,
        kinds.variance,
        kinds.kind_recipients,
        kinds.spread_weight,
        {{ greatest_of([
            '0e0',
            '(' ~ ordered_sum(
                'responses.recipients * (responses.mean_profit - kinds.kind_mean) * (responses.mean_profit - kinds.kind_mean)'
            ) ~ ' - (kinds.group_count - 1) * kinds.variance) / nullif(kinds.spread_weight, 0e0)',
        ]) }} as between_variance

    from responses

    inner join kinds on responses.kind = kinds.kind

    group by kinds.kind, kinds.kind_mean, kinds.variance, kinds.kind_recipients, kinds.spread_weight, kinds.group_count

),

-- Each mean has the part of it that its size leaves.
weighed as (

    select
        responses.*,
        spread.kind_mean,
        spread.variance / responses.recipients as mean_variance,
        spread.variance / spread.kind_recipients
        + spread.between_variance * (1e0 - spread.spread_weight / spread.kind_recipients) as kind_mean_variance,
        coalesce(
            spread.between_variance / nullif(spread.between_variance + spread.variance / responses.recipients, 0e0), 0e0
        ) as own_weight

    from responses

    inner join spread on responses.kind = spread.kind

),

segment_response as (

    select
        cast(segment_name as {{ dbt.type_string() }}) as segment_name,
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(recipients as bigint) as recipient_count,
        cast(profit as numeric(18, 2)) as profit,
        cast(mean_profit as {{ double_type() }}) as profit_per_recipient,
        cast(own_weight as {{ double_type() }}) as own_weight,
        cast({{ shrunk_profit }} as {{ double_type() }}) as shrunk_profit_per_recipient,
        cast({{ shrunk_profit }} - {{ interval_half_width }} as {{ double_type() }}) as interval_low,
        cast({{ shrunk_profit }} + {{ interval_half_width }} as {{ double_type() }}) as interval_high,
        cast(row_number() over (
            partition by kind
            order by {{ shrunk_profit }} desc, recipients desc, {{ by_code_point('segment_name') }} asc, {{ by_code_point('channel') }} asc
        ) as {{ dbt.type_int() }}) as response_rank,
        {{ as_of_date() }} as as_of_date

    from weighed

),

{{ with_segment_labels('segment_response') }}

select * from labelled
