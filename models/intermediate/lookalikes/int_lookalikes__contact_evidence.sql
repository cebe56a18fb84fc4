{{ config(enabled=has_feature('lookalikes')) }}

with

bins as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__bins') }}

),

weights as (

    select * from {{ ref('crm_segmentation', 'lookalike_trait_weights') }}
    where trait_weight > 0

),

value_scores as (

    select
        weights.segment_name,
        bins.trait_value,
        weights.bin_score

    from weights

    inner join bins on weights.trait = bins.trait and weights.bin = bins.bin

),

trait_values as (

    {{ explode_texts(ref('crm_segmentation', 'int_lookalikes__contacts'), ['contact_id'], used_trait_texts(), 'trait_value') }}

),

contact_evidence as (

    select
        value_scores.segment_name,
        trait_values.contact_id,
        sum(value_scores.bin_score) as evidence_sum

    from trait_values

    inner join value_scores on trait_values.trait_value = value_scores.trait_value

    group by value_scores.segment_name, trait_values.contact_id

)

select * from contact_evidence
