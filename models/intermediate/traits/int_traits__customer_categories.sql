with

purchases as (

    select * from {{ ref('crm_segmentation', 'int_traits__purchases') }}
    where purchase_count > 0

),

categories as (

    select * from {{ ref('crm_segmentation', 'customer_categories') }}

),

category_bands as (

    select
        customer_category,
        lowest_net_spend,
        lead(lowest_net_spend) over (order by lowest_net_spend asc) as next_lowest_net_spend

    from categories

),

customer_categories as (

    select
        purchases.contact_id,
        category_bands.customer_category

    from purchases

    inner join category_bands
        on
            purchases.net_spend_365_days >= category_bands.lowest_net_spend
            and (category_bands.next_lowest_net_spend is null or purchases.net_spend_365_days < category_bands.next_lowest_net_spend)

)

select * from customer_categories
