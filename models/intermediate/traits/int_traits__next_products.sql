-- Guarantees one row per customer, and what goes with the last purchase, less what the contact has already.
with

items as (

    select * from {{ ref('crm_segmentation', 'order_items') }}
    where is_purchase and contact_id is not null

),

last_purchases as (

    select
        contact_id,
        {{ value_at_lowest('order_id', '-purchase_number') }} as order_id

    from {{ ref('crm_segmentation', 'orders') }}

    where is_purchase and contact_id is not null

    group by contact_id

),

last_items as (

    select
        items.contact_id,
        items.source_product_id,
        items.line_number

    from items

    inner join last_purchases on items.order_id = last_purchases.order_id

),

owned as (

    select distinct
        contact_id,
        source_product_id

    from items

),

ranked as (

    select
        last_items.contact_id,
        affinities.other_product_id,
        affinities.support_share,
        affinities.lift,
        row_number() over (
            partition by last_items.contact_id
            order by
                affinities.lift desc, affinities.order_count desc,
                {{ by_code_point('affinities.other_product_id') }} asc, last_items.line_number asc
        ) as product_rank

    from last_items

    inner join {{ ref('crm_segmentation', 'product_affinities') }} as affinities
        on last_items.source_product_id = affinities.source_product_id

    left join owned on last_items.contact_id = owned.contact_id and affinities.other_product_id = owned.source_product_id

    where owned.contact_id is null

),

last_products as (

    select
        contact_id,
        {{ value_at_lowest('source_product_id', 'line_number') }} as last_product_id

    from last_items

    group by contact_id

),

next_products as (

    select
        last_products.contact_id,
        last_products.last_product_id,
        ranked.other_product_id as next_product_id,
        ranked.support_share as next_product_support,
        ranked.lift as next_product_lift

    from last_products

    left join ranked on last_products.contact_id = ranked.contact_id and ranked.product_rank = 1

)

select * from next_products
