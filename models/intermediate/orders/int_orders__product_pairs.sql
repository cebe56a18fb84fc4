-- Guarantees each pair once, the product that sorts first by code point before the other. Baskets are joined with
-- themselves only after rare products are gone, or a large basket would make millions of pairs.
with

basket_lines as (

    select distinct
        order_id,
        source_product_id

    from {{ ref('crm_segmentation', 'order_items') }}

    where is_purchase and {{ in_last_days('ordered_on', var('affinity_window_days')) }}

),

basket_counts as (

    select count(distinct order_id) as all_order_count from basket_lines

),

-- A product in fewer orders than a pair needs has no pair. Numbers, because pairs of them are quicker to count than texts.
product_counts as (

    select
        source_product_id,
        count(*) as order_count,
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

pair_counts as (

    select
        lower_lines.product_number as lower_number,
        higher_lines.product_number as higher_number,
        count(*) as order_count

    from numbered_lines as lower_lines

    inner join numbered_lines as higher_lines
        on
            lower_lines.order_id = higher_lines.order_id
            and lower_lines.product_number < higher_lines.product_number

    group by lower_lines.product_number, higher_lines.product_number

    having count(*) >= {{ var('affinity_min_orders') }}

),

product_pairs as (

    select
        product_counts.source_product_id,
        other_counts.source_product_id as other_product_id,
        pair_counts.order_count,
        product_counts.order_count as product_order_count,
        other_counts.order_count as other_order_count,
        basket_counts.all_order_count

    from pair_counts

    inner join product_counts on pair_counts.lower_number = product_counts.product_number

    inner join product_counts as other_counts on pair_counts.higher_number = other_counts.product_number

    cross join basket_counts

)

select * from product_pairs
