-- How many customers are in each RFM group, and what did they spend in the window?
with

scores as (

    select * from {{ ref('crm_segmentation', 'contact_rfm_scores') }}

),

rfm_groups as (

    select
        rfm_group,
        count(*) as customer_count,
        sum(monetary) as net_amount

    from scores

    group by rfm_group

)

select * from rfm_groups
order by customer_count desc, rfm_group asc
