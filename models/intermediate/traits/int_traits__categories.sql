with

purchased_items as (

    select * from {{ ref('crm_segmentation', 'order_items') }}
    where is_purchase and contact_id is not null

),

products as (

    select * from {{ ref('crm_segmentation', 'products') }}
    where category is not null

),

category_purchases as (

    select
        purchased_items.contact_id,
        products.category,
        count(distinct purchased_items.order_id) as purchase_count,
        max(purchased_items.ordered_on) as last_purchase_on

    from purchased_items

    inner join products on purchased_items.source_product_id = products.source_product_id

    group by purchased_items.contact_id, products.category

),

ranked as (

    select
        contact_id,
        category,
        last_purchase_on,
        row_number() over (
            partition by contact_id
            order by purchase_count desc, last_purchase_on desc, {{ by_code_point('category') }} asc
        ) as category_rank

    from category_purchases

),

category_traits as (

    select
        contact_id,
        {{ text_list('category') }} as purchased_categories,
        {{ text_list('case when ' ~ days_ago('last_purchase_on') ~ ' <= 90 then category end') }} as recent_categories,
        max(case when category_rank = 1 then category end) as top_category

    from ranked

    group by contact_id

)

select * from category_traits
