-- Guarantees that amounts are told which are a hundred times what they are compared with, as those are that a source keeps in cents. What
-- one order or line says may be a discount or a mistake; a source does it with all.
with

{{ imports({'orders': 'stg_commerce__orders', 'lines': 'stg_commerce__order_items', 'products': 'stg_commerce__products'}) }}

-- As doubles: an amount that is typed wrong may be too large for a product of decimals.
priced_lines as (

    select
        lines.source_system,
        lines.source_order_id,
        cast(lines.quantity as {{ double_type() }}) as quantity,
        cast(lines.unit_price as {{ double_type() }}) as unit_price,
        cast(case when products.price > 0 then products.price end as {{ double_type() }}) as price

    from lines

    left join products on lines.source_product_id = products.source_product_id

),

line_totals as (

    select
        source_system,
        source_order_id,
        sum(quantity * unit_price) as lines_total,
        sum(case when price is not null then quantity * unit_price end) as priced_total,
        sum(quantity * price) as list_total

    from priced_lines

    group by source_system, source_order_id

),

-- Prices are in the reporting currency, so only orders in it are compared with them.
compared as (

    select
        orders.source_system,
        cast(orders.order_total as {{ double_type() }}) as order_total,
        line_totals.lines_total,
        case when orders.currency = '{{ var("reporting_currency") }}' then line_totals.priced_total end as priced_total,
        case when orders.currency = '{{ var("reporting_currency") }}' then line_totals.list_total end as list_total

    from orders

    inner join line_totals
        on orders.source_system = line_totals.source_system and orders.source_order_id = line_totals.source_order_id

),

by_system as (

    select
        source_system,
        {%- for check in minor_unit_checks() %}
        count(case when {{ check.amount }} > 0 and {{ check.beside }} > 0 then 1 end) as row_count_{{ loop.index }},
        count(case when {{ is_hundredfold(check.amount, check.beside) }} then 1 end) as failing_count_{{ loop.index }},
        {%- endfor %}
        count(*) as order_count

    from compared

    group by source_system

),

minor_units as (

    {%- for check in minor_unit_checks() %}

    select
        'minor_units' as check_name,
        '{{ check.raw_table }}' as raw_table,
        {{ 'source_system' if check.has_system else "''" }} as source_system,
        '{{ check.subject }}' as subject,
        cast(null as {{ dbt.type_string() }}) as word,
        cast(sum(row_count_{{ loop.index }}) as bigint) as row_count,
        cast(sum(failing_count_{{ loop.index }}) as bigint) as failing_count

    from by_system

    {{ 'group by source_system' if check.has_system else 'having count(*) > 0' }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from minor_units
