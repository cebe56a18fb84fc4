with

ordered_values as (

    select * from {{ ref('int_rfm__ordered_values') }}

),

presets as (

    select * from {{ ref('rfm_presets') }}
    where preset = '{{ var("rfm_preset") }}'

),

cut_numbers as (

    {{ integers(1, 9) }}

),

customer_counts as (

    select
        measure,
        count(*) as customer_count

    from ordered_values

    group by measure

),

-- The type-7 quantile i / k stands (n - 1) i / k places after the lowest of n values, in general between two of them.
scaled_positions as (

    select
        customer_counts.measure,
        cut_numbers.number as cut_number,
        presets.highest_score - presets.lowest_score + 1 as score_count,
        (customer_counts.customer_count - 1) * cut_numbers.number as scaled_position

    from customer_counts

    cross join presets

    inner join cut_numbers on presets.highest_score - presets.lowest_score >= cut_numbers.number

),

value_positions as (

    select
        measure,
        cut_number,
        score_count,
        cast((scaled_position - scaled_position % score_count) / score_count as bigint) as lower_position,
        scaled_position % score_count as position_remainder

    from scaled_positions

),

-- Worked out from whole positions, not from a share such as 0.6, which no binary number is exactly. Only what is added
-- to the lower value may become a binary number on the way, or a large amount would not equal itself.
cut_points as (

    select
        value_positions.measure,
        value_positions.cut_number,
        cast(
            lower_values.measured_value
            + cast(
                coalesce(upper_values.measured_value - lower_values.measured_value, 0)
                * value_positions.position_remainder / value_positions.score_count as numeric(24, 6)
            ) as numeric(24, 6)
        ) as cut_point

    from value_positions

    inner join ordered_values as lower_values
        on value_positions.measure = lower_values.measure and value_positions.lower_position = lower_values.value_position

    left join ordered_values as upper_values
        on value_positions.measure = upper_values.measure and value_positions.lower_position + 1 = upper_values.value_position

)

select * from cut_points
