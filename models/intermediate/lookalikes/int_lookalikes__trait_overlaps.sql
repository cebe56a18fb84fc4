{{ config(enabled=has_feature('lookalikes')) }}

-- Guarantees a value of 1 or more for every trait that varies among the sampled contacts. One that has a single value
-- there tells nothing and is left out.
with

sampled_evidence as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__sampled_evidence') }}

),

deviations as (

    select
        segment_name,
        trait,
        contact_id,
        cast(
            weight_of_evidence
            - cast(
                cast(sum(weight_of_evidence) over (partition by segment_name, trait) as {{ double_type() }})
                / count(*) over (partition by segment_name, trait) as numeric(18, 6)
            ) as numeric(18, 6)
        ) as deviation

    from sampled_evidence

),

products as (

    select
        deviations.segment_name,
        deviations.trait,
        other_deviations.trait as other_trait,
        cast(sum(deviations.deviation * other_deviations.deviation) as {{ double_type() }}) as product_sum

    from deviations

    inner join deviations as other_deviations
        on
            deviations.segment_name = other_deviations.segment_name
            and deviations.contact_id = other_deviations.contact_id

    group by deviations.segment_name, deviations.trait, other_deviations.trait

),

correlations as (

    select
        products.segment_name,
        products.trait,
        cast(
            abs(products.product_sum) / sqrt(squares.product_sum * other_squares.product_sum) as numeric(18, 6)
        ) as absolute_correlation

    from products

    inner join products as squares
        on
            products.segment_name = squares.segment_name
            and products.trait = squares.trait
            and squares.trait = squares.other_trait
            and squares.product_sum > 0

    inner join products as other_squares
        on
            products.segment_name = other_squares.segment_name
            and products.other_trait = other_squares.trait
            and other_squares.trait = other_squares.other_trait
            and other_squares.product_sum > 0

),

trait_overlaps as (

    select
        segment_name,
        trait,
        sum(absolute_correlation) as trait_overlap

    from correlations

    group by segment_name, trait

)

select * from trait_overlaps
