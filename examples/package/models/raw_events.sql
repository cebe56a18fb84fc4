select * from {{ ref('shop_events') }}
