with

raw_rows as (

    {{ raw_rows('raw_products') }}

),

judged as (

    select
        *,
        cast(null as timestamp) as version_at,
        {{ first_reason(
            missing_reasons(['source_product_id', 'product_name'])
        ) }} as rejection_reason

    from raw_rows

),

ranked as (

    {{ with_row_status('judged', key=['source_product_id']) }}

)

select * from ranked
