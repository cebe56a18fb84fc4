with

raw_rows as (

    {{ raw_rows('raw_orders') }}

),

order_rows as (

    select
        *,
        {{ greatest_of(['ordered_at', 'coalesce(updated_at, ordered_at)']) }} as version_at,
        {{ first_reason(
            missing_reasons(['source_system', 'source_order_id'])
            + unreadable_reasons(['ordered_at', 'order_total'])
            + impossible_time_reasons(['ordered_at'])
        ) }} as rejection_reason

    from raw_rows

)

select * from order_rows
