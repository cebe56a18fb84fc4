-- Guarantees that every order is counted in each check that it can fail, under the word that would have to be added to
-- a seed.
with

orders as (

    select * from {{ ref('crm_segmentation', 'int_commerce__orders_in_reporting_currency') }}

),

staged_orders as (

    select * from {{ ref('crm_segmentation', 'stg_commerce__orders') }}

),

day_rates as (

    select * from {{ ref('crm_segmentation', 'int_commerce__day_rates') }}

),

judged as (

    select
        orders.source_system,
        orders.currency,
        orders.not_a_purchase_reason,
        orders.order_status,
        lower(staged_orders.raw_order_status) as source_status,
        orders.currency != '{{ var("reporting_currency") }}' and day_rates.currency is null as lacks_rate,
        orders.order_status in ('refunded', 'partially_refunded') and coalesce(orders.refund_total, 0) = 0 as lacks_refund

    from orders

    inner join staged_orders on orders.order_id = staged_orders.order_id

    left join day_rates on orders.currency = day_rates.currency and orders.ordered_on = day_rates.rated_on

),

counted as (

    select
        source_system,
        currency,
        not_a_purchase_reason,
        order_status,
        source_status,
        lacks_refund,
        coalesce(lacks_rate, false) as lacks_rate,
        count(*) as row_count

    from judged

    group by source_system, currency, not_a_purchase_reason, order_status, source_status, coalesce(lacks_rate, false), lacks_refund

),

order_words as (

    {%- for check_name, word, fails, counts in [
        ('purchases', 'not_a_purchase_reason', 'not_a_purchase_reason is not null', '1 = 1'),
        ('exchange_rates', 'currency', 'lacks_rate', '1 = 1'),
        ('order_statuses', 'source_status', "order_status = 'unmapped'", "order_status != 'unspecified'"),
        ('refunds', 'source_status', 'lacks_refund', "order_status in ('refunded', 'partially_refunded')"),
    ] %}

    select
        '{{ check_name }}' as check_name,
        'raw_orders' as raw_table,
        source_system,
        '' as subject,
        {{ word }} as word,
        row_count,
        case when {{ fails }} then row_count else 0 end as failing_count

    from counted

    where {{ counts }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from order_words
