-- Guarantees that amounts are told which look as if the point between their thousands had been read as a decimal point: 1.234 for 1234.
with

{{ imports({'orders': 'stg_commerce__orders', 'product_rows': 'base_commerce__products'}) }}

-- Dinars and rials that have three decimals look alike, and rightly.
amounts as (

    select
        'raw_orders' as raw_table,
        source_system,
        'order_total' as subject,
        order_total as amount

    from orders

    where coalesce(currency, '') not in ({{ text_literals(currencies_of_three_decimals()) }})

    union all

    select
        'raw_products' as raw_table,
        '' as source_system,
        'price' as subject,
        price as amount

    from product_rows

    where
        row_status = 'kept'
        and price is not null
        and '{{ var("reporting_currency") }}' not in ({{ text_literals(currencies_of_three_decimals()) }})

),

counted as (

    select
        raw_table,
        source_system,
        subject,
        count(*) as row_count,
        max(abs(amount)) as largest_amount,
        sum(case when amount != round(amount, 0) then 1 else 0 end) as fraction_count,
        sum(case when amount != round(amount, 2) and amount = round(amount, 3) then 1 else 0 end) as three_decimals_count

    from amounts

    group by raw_table, source_system, subject

),

-- Where points stand between thousands, no number reaches 1,000, and nine of ten that have one end in no zero.
judged as (

    select
        'points_between_thousands' as check_name,
        raw_table,
        source_system,
        subject,
        cast(null as {{ dbt.type_string() }}) as word,
        cast(row_count as bigint) as row_count,
        cast(
            case when largest_amount < 1000 and 2 * three_decimals_count >= fraction_count then three_decimals_count else 0 end as bigint
        ) as failing_count

    from counted

)

select * from judged
