{{ config(enabled=has_feature('lookalikes')) }}

-- Guarantees that the scores of a contact's bins, added to the odds of the segment, are its score, so that anybody can
-- look up why it is high. A trait that was not chosen has weight 0.
with

bin_weights as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__bin_weights') }}

),

choices as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__trait_choices') }}

),

trait_overlaps as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__trait_overlaps') }}

),

-- Three traits that say the same count a third each, or what they say would count three times. Narrow decimals, because
-- Spark rounds the product of wide ones.
trait_weights as (

    select
        choices.segment_name,
        choices.trait,
        cast(choices.trait_information_value as numeric(12, 6)) as trait_information_value,
        cast(coalesce(1e0 / nullif(trait_overlaps.trait_overlap, 0), 0e0) as numeric(12, 6)) as trait_weight

    from choices

    left join trait_overlaps
        on choices.segment_name = trait_overlaps.segment_name and choices.trait = trait_overlaps.trait

),

shares as (

    select
        *,
        cast(
            coalesce(
                cast(trait_information_value * trait_weight as {{ double_type() }})
                / nullif(cast(sum(trait_information_value * trait_weight) over (partition by segment_name) as {{ double_type() }}), 0e0),
                0e0
            ) as numeric(18, 4)
        ) as trait_share

    from trait_weights

),

weights as (

    select
        cast(bin_weights.segment_name as {{ dbt.type_string() }}) as segment_name,
        cast(bin_weights.trait as {{ dbt.type_string() }}) as trait,
        cast(bin_weights.bin as {{ dbt.type_string() }}) as bin,
        bin_weights.contact_count,
        bin_weights.member_count,
        bin_weights.weight_of_evidence,
        bin_weights.information_value,
        cast(shares.trait_information_value as numeric(18, 6)) as trait_information_value,
        cast(shares.trait_weight as numeric(18, 6)) as trait_weight,
        shares.trait_share,
        cast(bin_weights.weight_of_evidence * shares.trait_weight as numeric(18, 6)) as bin_score,
        {{ as_of_date() }} as as_of_date

    from bin_weights

    inner join shares
        on bin_weights.segment_name = shares.segment_name and bin_weights.trait = shares.trait

)

select * from weights
