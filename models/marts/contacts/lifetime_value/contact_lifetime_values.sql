with

summaries as (

    select * from {{ ref('contact_purchase_summaries') }}

),

expectations as (

    select * from {{ ref('int_lifetime_value__expectations') }}

),

parameters as (

    select * from {{ ref('int_lifetime_value__parameters') }}

),

-- Dropping out is only seen as silence after a purchase: without a repeat the model holds a customer for active.
dropout_odds as (

    select
        summaries.contact_id,
        parameters.parameter_set,
        expectations.purchase_probability,
        expectations.expected_purchases,
        -- The customer's own mean, drawn towards that of all: E(M | x, m) of the Gamma-Gamma model.
        cast(
            parameters.amount_p
            * (parameters.amount_v + summaries.repeat_purchase_days * coalesce(summaries.mean_repeat_amount, 0))
            / (parameters.amount_p * summaries.repeat_purchase_days + parameters.amount_q - 1e0) as numeric(18, 4)
        ) as expected_purchase_amount,
        case
            when summaries.repeat_purchase_days > 0
                then
                    ln(parameters.dropout_a / (parameters.dropout_b + summaries.repeat_purchase_days - 1e0))
                    + (parameters.rate_shape + summaries.repeat_purchase_days) * (
                        ln(parameters.rate_scale + summaries.tenure_days / parameters.days_per_time_unit)
                        - ln(parameters.rate_scale + summaries.recency_days / parameters.days_per_time_unit)
                    )
        end as dropout_log_odds

    from summaries

    cross join parameters

    inner join expectations
        on
            summaries.repeat_purchase_days = expectations.repeat_purchase_days
            and summaries.tenure_days = expectations.tenure_days

),

survivals as (

    select
        *,
        case
            when dropout_log_odds is null then 1e0
            when dropout_log_odds < 0 then 1e0 / (1e0 + {{ bounded_exp('dropout_log_odds') }})
            else 1e0 - 1e0 / (1e0 + {{ bounded_exp('-dropout_log_odds') }})
        end as probability_alive

    from dropout_odds

),

rounded as (

    select
        contact_id,
        parameter_set,
        cast(probability_alive as numeric(18, 6)) as probability_alive,
        cast(probability_alive * purchase_probability as numeric(18, 6)) as purchase_probability,
        cast(probability_alive * expected_purchases as numeric(18, 6)) as expected_purchases,
        expected_purchase_amount

    from survivals

),

lifetime_values as (

    select
        contact_id,
        {{ as_of_date() }} as as_of_date,
        parameter_set,
        cast({{ var('clv_horizon_days') }} as {{ dbt.type_int() }}) as horizon_days,
        probability_alive,
        purchase_probability,
        expected_purchases,
        expected_purchase_amount,
        cast(expected_purchases * expected_purchase_amount as numeric(18, 2)) as expected_value

    from rounded

)

select * from lifetime_values
