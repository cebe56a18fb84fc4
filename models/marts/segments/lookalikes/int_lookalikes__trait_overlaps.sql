with

bins as (

    select * from {{ ref('int_lookalikes__bins') }}

),

bin_weights as (

    select * from {{ ref('int_lookalikes__bin_weights') }}

),

choices as (

    select * from {{ ref('int_lookalikes__trait_choices') }}
    where is_used

),

used_traits as (

    select
        {{ used_trait_columns() }}

    from choices

),

numbered_contacts as (

    select
        *,
        row_number() over (order by {{ by_code_point('contact_id') }} asc) as contact_number

    from {{ ref('contact_traits') }}

    where not is_erased

),

-- Ids are hashes, so the first ones are anybody: enough to tell correlations from none.
sampled_contacts as (

    select
        numbered_contacts.*,
        used_traits.*

    from numbered_contacts

    cross join used_traits

    where numbered_contacts.contact_number <= 10000

),

trait_values as (

    {{ explode_texts('sampled_contacts', ['contact_id'], used_trait_texts(), 'trait_value') }}

),

-- Each contact's weights of evidence, as they differ from the mean, trait by trait.
deviations as (

    select
        choices.segment_name,
        choices.trait,
        trait_values.contact_id,
        cast(
            bin_weights.weight_of_evidence
            - cast(
                cast(sum(bin_weights.weight_of_evidence) over (partition by choices.segment_name, choices.trait) as {{ double_type() }})
                / count(*) over (partition by choices.segment_name, choices.trait) as numeric(18, 6)
            ) as numeric(18, 6)
        ) as deviation

    from trait_values

    inner join bins on trait_values.trait_value = bins.trait_value

    inner join choices on bins.trait = choices.trait

    inner join bin_weights
        on
            choices.segment_name = bin_weights.segment_name
            and choices.trait = bin_weights.trait
            and bins.bin = bin_weights.bin

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
