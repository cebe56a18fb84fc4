select * from {{ ref('shop_contacts') }}
