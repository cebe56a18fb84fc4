-- The shop's own model has the name of one of the package: each reads its own.
select
    source_order_id as order_number,
    order_total

from {{ ref('shop_orders') }}
