with

sends as (

    select * from {{ ref('int_segment_effects__sends') }}

),

groups as (

    select
        segment_name,
        'all' as channel,
        count(*) as recipient_count,
        sum(profit) as profit,
        sum(profit * profit) as profit_square_total

    from sends

    group by segment_name

    union all

    select
        segment_name,
        channel,
        count(*) as recipient_count,
        sum(profit) as profit,
        sum(profit * profit) as profit_square_total

    from sends

    where channel is not null

    group by segment_name, channel

),

-- Segments and pairs of segment and channel are shrunk among their own kind.
measured as (

    select
        segment_name,
        channel,
        profit,
        cast(recipient_count as {{ double_type() }}) as recipients,
        cast(profit as {{ double_type() }}) / recipient_count as mean_profit,
        cast(profit_square_total as {{ double_type() }})
        - cast(profit as {{ double_type() }}) * cast(profit as {{ double_type() }}) / recipient_count as square_deviation,
        case when channel = 'all' then 0 else 1 end as kind

    from groups

),

-- One variance for all, because that of nine recipients says little; each mean has the part of it that its size leaves.
pooled as (

    select
        *,
        sum(square_deviation) over (partition by kind) / nullif(sum(recipients - 1e0) over (partition by kind), 0e0) as variance,
        sum(recipients) over (partition by kind) as kind_recipients,
        sum(profit) over (partition by kind) as kind_profit,
        count(*) over (partition by kind) as group_count,
        sum(recipients * recipients) over (partition by kind) as square_recipients

    from measured

),

centred as (

    select
        *,
        variance / recipients as mean_variance,
        cast(kind_profit as {{ double_type() }}) / kind_recipients as kind_mean,
        sum(
            recipients
            * (mean_profit - cast(kind_profit as {{ double_type() }}) / kind_recipients)
            * (mean_profit - cast(kind_profit as {{ double_type() }}) / kind_recipients)
        ) over (partition by kind) as between_squares

    from pooled

),

-- DerSimonian and Laird's estimate of how far the true means lie apart.
spread as (

    select
        *,
        case
            when between_squares > (group_count - 1) * variance
                then (between_squares - (group_count - 1) * variance) / nullif(kind_recipients - square_recipients / kind_recipients, 0e0)
            else 0e0
        end as between_variance

    from centred

),

shrunk as (

    select
        *,
        case
            when between_variance + mean_variance > 0e0 then between_variance / (between_variance + mean_variance)
            else 0e0
        end as own_weight

    from spread

),

ranked as (

    select
        *,
        kind_mean + own_weight * (mean_profit - kind_mean) as shrunk_profit,
        {{ confidence_point() }} * sqrt(own_weight * mean_variance) as interval_half_width

    from shrunk

),

segment_response as (

    select
        cast(segment_name as {{ dbt.type_string() }}) as segment_name,
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(recipients as bigint) as recipient_count,
        cast(profit as numeric(18, 2)) as profit,
        cast(mean_profit as {{ double_type() }}) as profit_per_recipient,
        cast(own_weight as {{ double_type() }}) as own_weight,
        cast(shrunk_profit as {{ double_type() }}) as shrunk_profit_per_recipient,
        cast(shrunk_profit - interval_half_width as {{ double_type() }}) as interval_low,
        cast(shrunk_profit + interval_half_width as {{ double_type() }}) as interval_high,
        cast(row_number() over (
            partition by kind
            order by shrunk_profit desc, recipients desc, {{ by_code_point('segment_name') }} asc, {{ by_code_point('channel') }} asc
        ) as {{ dbt.type_int() }}) as response_rank

    from ranked

)

select * from segment_response
