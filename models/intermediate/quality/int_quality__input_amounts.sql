-- Guarantees that amounts are told which look as if the point between their thousands had been read as a decimal point (1.234 for 1234),
-- and totals that look as if they were in cents (1999 for 19.99).
with

{{ imports({'orders': 'stg_commerce__orders', 'product_rows': 'base_commerce__products'}) }}

-- Dinars and rials that have three decimals look alike, and rightly.
amounts as (

    select
        'raw_orders' as raw_table,
        source_system,
        'order_total' as subject,
        order_total as amount,
        coalesce(currency, '{{ var("reporting_currency") }}') in ({{ text_literals(currencies_with_cents_in_use()) }}) as has_cents

    from orders

    where coalesce(currency, '') not in ({{ text_literals(currencies_of_three_decimals()) }})

    union all

    select
        'raw_products' as raw_table,
        '' as source_system,
        'price' as subject,
        price as amount,
        false as has_cents

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
        sum(case when amount != round(amount, 2) and amount = round(amount, 3) then 1 else 0 end) as three_decimals_count,
        sum(case when amount >= 500 then 1 else 0 end) as large_count,
        sum(case when amount = 100 * round(amount / 100, 0) then 1 else 0 end) as whole_hundreds_count,
        min(case when has_cents then 1 else 0 end) as has_cents

    from amounts

    group by raw_table, source_system, subject

),

-- Where points stand between thousands, no number reaches 1,000, and nine of ten that have one end in no zero. Where totals are in
-- cents, no number has a fraction, half of them reach 500, and most end in no two zeros, as round sums of dear goods do.
judged as (

    {%- for check_name, is_suspect, failing_count in [
        ('points_between_thousands', 'largest_amount < 1000 and 2 * three_decimals_count >= fraction_count', 'three_decimals_count'),
        ('whole_amounts', 'fraction_count = 0 and 2 * large_count >= row_count and 2 * whole_hundreds_count < row_count', 'row_count'),
    ] %}

    select
        '{{ check_name }}' as check_name,
        raw_table,
        source_system,
        subject,
        cast(null as {{ dbt.type_string() }}) as word,
        cast(row_count as bigint) as row_count,
        cast(case when {{ is_suspect }} then {{ failing_count }} else 0 end as bigint) as failing_count

    from counted

    {{ 'where has_cents = 1' if check_name == 'whole_amounts' }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from judged
