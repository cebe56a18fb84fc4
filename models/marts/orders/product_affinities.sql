-- Guarantees at most ten products for each, all bought together more often than by chance, and none that the shop no
-- longer has.
with

pairs as (

    select * from {{ ref('crm_segmentation', 'int_orders__product_pairs') }}

),

products as (

    select * from {{ ref('crm_segmentation', 'stg_commerce__products') }}

),

measured_pairs as (

    select
        source_product_id,
        other_product_id,
        order_count,
        {{ rounded_ratio('order_count', 'all_order_count', scale=6) }} as support_share,
        {{ rounded_ratio('order_count * all_order_count', '(product_order_count * other_order_count)', scale=4) }} as lift

    from pairs

),

both_ways as (

    select * from measured_pairs

    union all

    select
        other_product_id as source_product_id,
        source_product_id as other_product_id,
        order_count,
        support_share,
        lift

    from measured_pairs

),

ranked as (

    select
        both_ways.*,
        products.product_name as other_product_name,
        row_number() over (
            partition by both_ways.source_product_id
            order by both_ways.lift desc, both_ways.order_count desc, {{ by_code_point('both_ways.other_product_id') }} asc
        ) as affinity_rank

    from both_ways

    -- A product that the shop no longer has cannot be recommended.
    inner join products on both_ways.other_product_id = products.source_product_id

    where both_ways.lift > 1

),

product_affinities as (

    select
        ranked.source_product_id,
        ranked.other_product_id,
        cast(ranked.affinity_rank as {{ dbt.type_int() }}) as affinity_rank,
        cast(ranked.order_count as {{ dbt.type_int() }}) as order_count,
        ranked.support_share,
        ranked.lift,
        products.product_name,
        ranked.other_product_name,
        {{ as_of_date() }} as as_of_date

    from ranked

    left join products on ranked.source_product_id = products.source_product_id

    where ranked.affinity_rank <= 10

)

select * from product_affinities
