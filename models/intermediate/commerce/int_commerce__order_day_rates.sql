with

orders as (

    select * from {{ ref('stg_commerce__orders') }}

),

rates as (

    select * from {{ ref('stg_commerce__exchange_rates') }}

),

order_days as (

    select distinct
        currency,
        ordered_on

    from orders

    where currency is not null and currency != '{{ var("reporting_currency") }}'

),

-- The last rate fixed on or before the day of the order.
ranked as (

    select
        order_days.currency,
        order_days.ordered_on,
        rates.rate_to_reporting_currency,
        row_number() over (
            partition by order_days.currency, order_days.ordered_on
            order by rates.rate_date desc
        ) as rate_rank

    from order_days

    inner join rates on order_days.currency = rates.currency and order_days.ordered_on >= rates.rate_date

),

day_rates as (

    select
        currency,
        ordered_on,
        rate_to_reporting_currency

    from ranked

    where rate_rank = 1

)

select * from day_rates
