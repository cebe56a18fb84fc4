with

kept_rows as (

    select * from {{ ref('crm_segmentation', 'base_commerce__exchange_rates') }}
    where row_status = 'kept'

),

tidied as (

    select
        rate_date,
        rate_to_reporting_currency,
        upper(currency) as currency

    from kept_rows

)

select * from tidied
