with

order_items as (

    select * from {{ ref('crm_segmentation', 'order_items') }}
    where is_purchase and contact_id is not null

),

products as (

    select * from {{ ref('crm_segmentation', 'products') }}
    where category is not null

),

contact_calendars as (

    select * from {{ ref('crm_segmentation', 'int_seasons__contact_calendars') }}

),

newest_days as (

    select * from {{ ref('crm_segmentation', 'int_seasons__days') }}
    where is_newest

),

bought as (

    select
        newest_days.country_code,
        newest_days.season,
        products.category,
        count(distinct order_items.order_id) as purchase_count

    from order_items

    inner join contact_calendars on order_items.contact_id = contact_calendars.contact_id

    inner join products on order_items.source_product_id = products.source_product_id

    inner join newest_days
        on
            contact_calendars.country_code = newest_days.country_code
            and order_items.ordered_on = newest_days.season_day

    group by newest_days.country_code, newest_days.season, products.category

),

categories as (

    select
        *,
        row_number() over (
            partition by country_code, season
            order by purchase_count desc, {{ by_code_point('category') }} asc
        ) as category_rank

    from bought

)

select * from categories
