{{ config(enabled=is_connected('dynamics', 'raw_order_items')) }}

with

won_opportunities as (

    select
        source_system,
        opportunity_id

    from {{ ref('crm_segmentation', 'landed_dynamics__opportunities') }}

    where source_system in ({{ instances_feeding('dynamics', 'raw_order_items') }}) and state = 1

),

line_items as (

    select * from {{ ref('crm_segmentation', 'landed_dynamics__line_items') }}

),

-- The discounts of a line stand in its total alone, which has its tax in it.
order_items as (

    select
        line_items.source_system,
        line_items.opportunity_id as source_order_id,
        line_items.quantity,
        line_items.loaded_at,
        coalesce(line_items.product_id, line_items.title) as source_product_id,
        coalesce(
            cast((line_items.total_price - coalesce(line_items.tax, 0)) / nullif(line_items.quantity, 0) as numeric(18, 4)),
            line_items.unit_price
        ) as unit_price,
        row_number() over (
            partition by line_items.source_system, line_items.opportunity_id
            order by coalesce(line_items.place, 2147483647), {{ by_code_point('line_items.line_item_id') }}
        ) as line_number

    from line_items

    inner join won_opportunities
        on line_items.source_system = won_opportunities.source_system and line_items.opportunity_id = won_opportunities.opportunity_id

)

select * from order_items
