with

raw_rows as (

    {{ raw_rows('raw_exchange_rates') }}

),

judged as (

    select
        *,
        cast(rate_date as timestamp) as version_at,
        {{ first_reason(
            missing_reasons(['currency'])
            + unreadable_reasons(['rate_date', 'rate_to_reporting_currency'])
            + impossible_time_reasons(['rate_date'])
            + [('not ' ~ is_currency_code('currency'), 'currency_unreadable')]
            + [('rate_to_reporting_currency <= 0', 'rate_not_positive')]
        ) }} as rejection_reason

    from raw_rows

),

ranked as (

    {{ with_row_status('judged', key=['upper(currency)', 'rate_date']) }}

)

select * from ranked
