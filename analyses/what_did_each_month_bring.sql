-- What did each month bring: purchases, buyers, first purchases and revenue?
with

purchases as (

    select
        contact_id,
        purchase_number,
        net_amount,
        cast({{ dbt.date_trunc('month', 'ordered_on') }} as date) as purchase_month

    from {{ ref('crm_segmentation', 'orders') }}

    where is_purchase

)

select
    purchase_month,
    count(*) as purchases,
    count(distinct contact_id) as buyers,
    sum(case when purchase_number = 1 then 1 else 0 end) as first_purchases,
    sum(net_amount) as revenue

from purchases

group by purchase_month

order by purchase_month desc
