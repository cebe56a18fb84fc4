with

basket_lines as (

    select distinct
        order_id,
        source_product_id

    from {{ ref('order_items') }}

    where is_purchase and {{ in_last_days('ordered_on', var('affinity_window_days')) }}

),

products as (

    select * from {{ ref('stg_commerce__products') }}

),

basket_counts as (

    select count(distinct order_id) as basket_count from basket_lines

),

product_counts as (

    select
        source_product_id,
        count(*) as basket_count

    from basket_lines

    group by source_product_id

),

pair_counts as (

    select
        bought.source_product_id,
        bought_with.source_product_id as other_product_id,
        count(*) as basket_count

    from basket_lines as bought

    inner join basket_lines as bought_with
        on
            bought.order_id = bought_with.order_id
            and bought.source_product_id != bought_with.source_product_id

    group by bought.source_product_id, bought_with.source_product_id

    having count(*) >= {{ var('affinity_min_orders') }}

),

measured as (

    select
        pair_counts.source_product_id,
        pair_counts.other_product_id,
        pair_counts.basket_count as order_count,
        {{ rounded_ratio('pair_counts.basket_count', 'basket_counts.basket_count', scale=6) }} as support_share,
        {{ rounded_ratio(
            'pair_counts.basket_count * basket_counts.basket_count',
            '(product_counts.basket_count * other_counts.basket_count)',
            scale=4,
        ) }} as lift

    from pair_counts

    inner join product_counts on pair_counts.source_product_id = product_counts.source_product_id

    inner join product_counts as other_counts on pair_counts.other_product_id = other_counts.source_product_id

    -- What the shop no longer knows cannot be recommended.
    inner join products on pair_counts.other_product_id = products.source_product_id

    cross join basket_counts

),

ranked as (

    select
        *,
        row_number() over (
            partition by source_product_id
            order by lift desc, order_count desc, {{ by_code_point('other_product_id') }} asc
        ) as affinity_rank

    from measured

    where lift > 1

),

product_affinities as (

    select
        source_product_id,
        other_product_id,
        cast(affinity_rank as {{ dbt.type_int() }}) as affinity_rank,
        cast(order_count as {{ dbt.type_int() }}) as order_count,
        support_share,
        lift

    from ranked

    where affinity_rank <= 10

)

select * from product_affinities
