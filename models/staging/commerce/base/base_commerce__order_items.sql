with

raw_rows as (

    {{ raw_rows('raw_order_items') }}

),

judged as (

    select
        *,
        cast(null as timestamp) as version_at,
        {{ first_reason(
            missing_reasons(['source_system', 'source_order_id', 'source_product_id'])
            + unreadable_reasons(['line_number', 'quantity', 'unit_price'])
            + [
                ('quantity <= 0', 'quantity_not_positive'),
                ('quantity >= 1000000000', 'quantity_too_large'),
                ('unit_price < 0', 'unit_price_negative'),
            ]
        ) }} as rejection_reason

    from raw_rows

),

ranked as (

    {{ with_row_status('judged', key=['source_system', 'source_order_id', 'line_number']) }}

)

select * from ranked
