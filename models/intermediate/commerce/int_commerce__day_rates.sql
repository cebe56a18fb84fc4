-- Guarantees that no amount is exchanged at a rate of a later day. Where there is none yet, there is no row and the
-- order does not count.
with

orders as (

    select * from {{ ref('crm_segmentation', 'stg_commerce__orders') }}

),

campaigns as (

    select * from {{ ref('crm_segmentation', 'stg_activity__campaigns') }}

),

rates as (

    select * from {{ ref('crm_segmentation', 'stg_commerce__exchange_rates') }}

),

rated_days as (

    select
        currency,
        ordered_on as rated_on

    from orders

    where currency != '{{ var("reporting_currency") }}'

    union distinct

    select
        currency,
        cast(started_at as date) as rated_on

    from campaigns

    where currency != '{{ var("reporting_currency") }}'

),

ranked as (

    select
        rated_days.currency,
        rated_days.rated_on,
        rates.rate_to_reporting_currency,
        row_number() over (partition by rated_days.currency, rated_days.rated_on order by rates.rate_date desc) as rate_rank

    from rated_days

    inner join rates on rated_days.currency = rates.currency and rated_days.rated_on >= rates.rate_date

),

day_rates as (

    select
        currency,
        rated_on,
        rate_to_reporting_currency

    from ranked

    where rate_rank = 1

)

select * from day_rates
