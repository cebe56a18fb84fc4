{{ config(enabled=has_feature('lifetime_value')) }}

-- Guarantees a value for every customer by one set of parameters. It is worth what the set is: one that was fitted on
-- other customers ranks yours and does not price them.
with

summaries as (

    select * from {{ ref('crm_segmentation', 'contact_purchase_summaries') }}

),

survivals as (

    select * from {{ ref('crm_segmentation', 'int_lifetime_value__survivals') }}

),

expectations as (

    select * from {{ ref('crm_segmentation', 'int_lifetime_value__expectations') }}

),

parameters as (

    select * from {{ ref('crm_segmentation', 'int_lifetime_value__parameters') }}

),

rounded as (

    select
        summaries.contact_id,
        parameters.parameter_set,
        cast(survivals.probability_alive as numeric(18, 6)) as probability_alive,
        cast(survivals.probability_alive * expectations.purchase_probability as numeric(18, 6)) as purchase_probability,
        cast(survivals.probability_alive * expectations.expected_purchases as numeric(18, 6)) as expected_purchases,
        -- The customer's own mean, drawn towards that of all: E(M | x, m) of the Gamma-Gamma model.
        cast(
            parameters.amount_p
            * (parameters.amount_v + summaries.repeat_purchase_days * coalesce(summaries.mean_repeat_amount, 0))
            / (parameters.amount_p * summaries.repeat_purchase_days + parameters.amount_q - 1e0) as numeric(18, 4)
        ) as expected_purchase_amount

    from summaries

    cross join parameters

    inner join survivals on summaries.contact_id = survivals.contact_id

    inner join expectations
        on
            summaries.repeat_purchase_days = expectations.repeat_purchase_days
            and summaries.tenure_days = expectations.tenure_days

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
        cast({{ exact_product('expected_purchase_amount', 'expected_purchases', scale=4) }} as numeric(18, 2)) as expected_value

    from rounded

)

select * from lifetime_values
