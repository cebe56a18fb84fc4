{{ config(enabled=has_feature('lifetime_value')) }}

with

summaries as (

    select * from {{ ref('crm_segmentation', 'contact_purchase_summaries') }}

),

parameters as (

    select * from {{ ref('crm_segmentation', 'int_lifetime_value__parameters') }}

),

-- Far fewer than customers: what comes next depends on nothing else while a customer is active.
histories as (

    select distinct
        repeat_purchase_days,
        tenure_days

    from summaries

),

-- What a history says of an active customer: the rate is gamma, the chance to drop out after a purchase is beta distributed.
beliefs as (

    select
        histories.repeat_purchase_days,
        histories.tenure_days,
        parameters.dropout_a as dropout,
        parameters.rate_shape + histories.repeat_purchase_days as shape,
        parameters.dropout_b + histories.repeat_purchase_days as survival,
        parameters.horizon
        / (parameters.rate_scale + histories.tenure_days / parameters.days_per_time_unit) as horizon_share

    from histories

    cross join parameters

),

expectations as (

    {{ expected_purchases_while_active('beliefs', ['repeat_purchase_days', 'tenure_days']) | indent(4) }}

)

select * from expectations
