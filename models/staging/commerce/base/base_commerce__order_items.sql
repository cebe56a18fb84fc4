{{ rebuilt_for_changes('base_commerce__changed_orders') }}

-- Guarantees a verdict on every raw line, so that rows in equal rows kept, superseded and rejected. A line of an order
-- that nobody keeps is rejected with it, or its amount would be nobody's.
with

raw_rows as (

    {{ raw_rows('raw_order_items', condition=is_changed('base_commerce__changed_orders', key=order_bucket(tidy_key('source_order_id')))) }}

),

orders as (

    select * from {{ ref('crm_segmentation', 'base_commerce__orders') }}
    where {{ is_changed('base_commerce__changed_orders') }}

),

unused_keys as (

    select
        source_system,
        source_order_id,
        min(case when row_status = 'early' then version_at end) as waits_for

    from orders

    where row_status in ('rejected', 'early')

    group by source_system, source_order_id

),

-- An order that waits, or of which every version is rejected, takes its lines along.
unused_orders as (

    select unused_keys.*

    from unused_keys

    left join orders
        on
            unused_keys.source_system = orders.source_system
            and unused_keys.source_order_id = orders.source_order_id
            and orders.row_status in ('kept', 'superseded')

    where orders.source_order_id is null

),

with_orders as (

    select
        raw_rows.*,
        unused_orders.waits_for as version_at,
        unused_orders.source_order_id is not null and unused_orders.waits_for is null as is_of_rejected_order

    from raw_rows

    left join unused_orders
        on raw_rows.source_system = unused_orders.source_system and raw_rows.source_order_id = unused_orders.source_order_id

),

judged as (

    select
        *,
        {{ first_reason(
            missing_reasons(['source_system', 'source_order_id', 'source_product_id'])
            + unreadable_reasons(['line_number', 'quantity', 'unit_price'])
            + [
                ('quantity <= 0', 'quantity_not_positive'),
                ('quantity >= 1000000000', 'quantity_too_large'),
                ('unit_price < 0', 'unit_price_negative'),
                ('is_of_rejected_order', 'order_rejected'),
            ]
        ) }} as rejection_reason

    from with_orders

),

ranked as (

    {{ with_row_status('judged', key=['source_system', 'source_order_id', 'line_number']) }}

)

select * from ranked
