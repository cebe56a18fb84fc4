{{ config(enabled=has_feature('lifetime_value')) }}

with

summaries as (

    select * from {{ ref('crm_segmentation', 'contact_purchase_summaries') }}

),

parameters as (

    select * from {{ ref('crm_segmentation', 'int_lifetime_value__parameters') }}

),

-- Dropping out is only seen as silence after a purchase: without a repeat the model holds a customer for active.
dropout_odds as (

    select
        summaries.contact_id,
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

),

survivals as (

    select
        contact_id,
        case
            when dropout_log_odds is null then 1e0
            when dropout_log_odds < 0 then 1e0 / (1e0 + {{ bounded_exp('dropout_log_odds') }})
            else 1e0 - 1e0 / (1e0 + {{ bounded_exp('-dropout_log_odds') }})
        end as probability_alive

    from dropout_odds

)

select * from survivals
