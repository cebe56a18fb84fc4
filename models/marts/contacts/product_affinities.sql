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

-- A product in fewer orders than a pair needs has no pair. Numbers, because pairs of them are quicker to count than texts.
product_counts as (

    select
        source_product_id,
        count(*) as basket_count,
        row_number() over (order by {{ by_code_point('source_product_id') }} asc) as product_number

    from basket_lines

    group by source_product_id

    having count(*) >= {{ var('affinity_min_orders') }}

),

numbered_lines as (

    select
        basket_lines.order_id,
        product_counts.product_number

    from basket_lines

    inner join product_counts on basket_lines.source_product_id = product_counts.source_product_id

),

unordered_pairs as (

    select
        lower_lines.product_number as lower_number,
        higher_lines.product_number as higher_number,
        count(*) as basket_count

    from numbered_lines as lower_lines

    inner join numbered_lines as higher_lines
        on
            lower_lines.order_id = higher_lines.order_id
            and lower_lines.product_number < higher_lines.product_number

    group by lower_lines.product_number, higher_lines.product_number

    having count(*) >= {{ var('affinity_min_orders') }}

),

pair_counts as (

    select
        lower_number as product_number,
        higher_number as other_number,
        basket_count

    from unordered_pairs

    union all

    select
        higher_number as product_number,
        lower_number as other_number,
        basket_count

    from unordered_pairs

),

measured as (

    select
        product_counts.source_product_id,
        other_counts.source_product_id as other_product_id,
        pair_counts.basket_count as order_count,
        {{ rounded_ratio('pair_counts.basket_count', 'basket_counts.basket_count', scale=6) }} as support_share,
        {{ rounded_ratio(
            'pair_counts.basket_count * basket_counts.basket_count',
            '(product_counts.basket_count * other_counts.basket_count)',
            scale=4,
        ) }} as lift

    from pair_counts

    inner join product_counts on pair_counts.product_number = product_counts.product_number

    inner join product_counts as other_counts on pair_counts.other_number = other_counts.product_number

    -- What the shop no longer knows cannot be recommended.
    inner join products on other_counts.source_product_id = products.source_product_id

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
