{{ config(enabled=has_feature('campaigns')) }}

with

sends as (

    select * from {{ ref('crm_segmentation', 'int_segment_effects__sends') }}

),

compared_groups as (

    select
        segment_name,
        'all' as channel,
        'segment' as kind,
        count(*) as recipient_count,
        sum(profit) as profit,
        sum({{ exact_product('profit', 'profit', scale=4) }}) as profit_square_total

    from sends

    group by segment_name

    union all

    select
        segment_name,
        channel,
        'segment_and_channel' as kind,
        count(*) as recipient_count,
        sum(profit) as profit,
        sum({{ exact_product('profit', 'profit', scale=4) }}) as profit_square_total

    from sends

    where channel is not null

    group by segment_name, channel

),

responses as (

    select
        segment_name,
        channel,
        kind,
        profit,
        cast(recipient_count as {{ double_type() }}) as recipients,
        cast(profit as {{ double_type() }}) / recipient_count as mean_profit,
        cast(profit_square_total as {{ double_type() }})
        - cast(profit as {{ double_type() }}) * cast(profit as {{ double_type() }}) / recipient_count as square_deviation

    from compared_groups

)

select * from responses
