{%- set silent_seconds = dbt.datediff('last_added_at', as_of_end(), 'second') %}

-- Guarantees one row per contact with something left in the cart after what was removed or bought.
with

{{ imports({'visitors': 'int_behaviour__visitors', 'products': 'stg_commerce__products'}) }}

cart_changes as (

    select * from {{ ref('crm_segmentation', 'int_activity__interests') }}
    where
        {{ in_last_days('occurred_on', 30) }}
        and event_name in ('cart_added', 'cart_removed')
        and source_product_id != ''

),

last_purchases as (

    select
        contact_id,
        max(ordered_at) as last_purchase_at

    from {{ ref('crm_segmentation', 'orders') }}

    where is_purchase and contact_id is not null

    group by contact_id

),

last_changes as (

    select
        visitors.contact_id,
        cart_changes.source_product_id,
        max(case when cart_changes.event_name = 'cart_added' then cart_changes.last_occurred_at end) as last_added_at,
        max(case when cart_changes.event_name = 'cart_removed' then cart_changes.last_occurred_at end) as last_removed_at

    from cart_changes

    inner join visitors
        on
            {{ same_visitor('cart_changes') }}

    group by visitors.contact_id, cart_changes.source_product_id

),

-- A purchase empties the cart, whatever it was of.
items_left as (

    select
        last_changes.contact_id,
        last_changes.last_added_at,
        products.price

    from last_changes

    left join last_purchases on last_changes.contact_id = last_purchases.contact_id

    left join products on last_changes.source_product_id = products.source_product_id

    where
        last_changes.last_added_at is not null
        and (last_changes.last_removed_at is null or last_changes.last_added_at > last_changes.last_removed_at)
        and (last_purchases.last_purchase_at is null or last_changes.last_added_at > last_purchases.last_purchase_at)

),

carts as (

    select
        contact_id,
        cast(coalesce(sum(price), 0) as numeric(18, 2)) as cart_value,
        cast(count(*) as {{ dbt.type_int() }}) as cart_item_count,
        max(last_added_at) as last_added_at

    from items_left

    group by contact_id

),

abandonable as (

    select
        contact_id,
        cart_item_count,
        cart_value,
        last_added_at,
        cast({{ whole_part('cast(' ~ silent_seconds ~ ' as bigint)', '3600') }} as {{ dbt.type_int() }}) as hours_since_cart_addition,
        {{ silent_seconds }} >= {{ var('cart_abandoned_hours') }} * 3600 as has_abandoned_cart

    from carts

)

select * from abandonable
