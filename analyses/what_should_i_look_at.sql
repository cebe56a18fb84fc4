-- What arrived that the project could not use, most frequent first?
with

rejected_rows as (

    select
        raw_table,
        'row rejected' as what,
        reason,
        count(*) as occurrence_count

    from {{ ref('crm_segmentation', 'rejected_rows') }}

    group by raw_table, reason

),

rejected_values as (

    select
        raw_table,
        'value of ' || column_name || ' rejected' as what,
        reason,
        count(*) as occurrence_count

    from {{ ref('crm_segmentation', 'rejected_values') }}

    group by raw_table, column_name, reason

),

unconverted_orders as (

    select
        'raw_orders' as raw_table,
        'order in ' || coalesce(currency, 'no readable currency') as what,
        not_a_purchase_reason as reason,
        count(*) as occurrence_count

    from {{ ref('crm_segmentation', 'orders') }}

    where not_a_purchase_reason = 'no_exchange_rate'

    group by currency, not_a_purchase_reason

),

lines_without_order as (

    select
        'raw_order_items' as raw_table,
        'line kept' as what,
        'order unknown or rejected' as reason,
        count(*) as occurrence_count

    from {{ ref('crm_segmentation', 'stg_commerce__order_items') }} as items

    left join {{ ref('crm_segmentation', 'orders') }} as orders on items.order_id = orders.order_id

    where orders.order_id is null

),

unmapped_names as (

    select
        'raw_events' as raw_table,
        'event kept under its own name' as what,
        source_system || ': ' || event_name as reason,
        event_count as occurrence_count

    from {{ ref('crm_segmentation', 'unmapped_event_names') }}

),

findings as (

    select * from rejected_rows

    union all

    select * from rejected_values

    union all

    select * from unconverted_orders

    union all

    select * from lines_without_order

    union all

    select * from unmapped_names

)

select * from findings
where occurrence_count > 0
order by occurrence_count desc, raw_table asc, what asc, reason asc
