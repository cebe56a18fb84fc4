{{ config(enabled=has_feature('lookalikes')) }}

-- Guarantees that no more than 10,000 contacts are compared, because every pair of traits is, contact by contact, in
-- the model that reads this one.
with

bins as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__bins') }}

),

bin_weights as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__bin_weights') }}

),

choices as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__trait_choices') }}
    where is_used

),

contacts as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__contacts') }}

),

numbered_contacts as (

    select
        contact_id,
        row_number() over (order by {{ by_code_point('contact_id') }} asc) as contact_number

    from {{ ref('crm_segmentation', 'contact_traits') }}

    where not is_erased

),

-- Ids are hashes, so that the first ones are a random sample, large enough to tell a correlation from none.
sampled_contacts as (

    select contacts.*

    from contacts

    inner join numbered_contacts on contacts.contact_id = numbered_contacts.contact_id

    where numbered_contacts.contact_number <= 10000

),

trait_values as (

    {{ explode_texts('sampled_contacts', ['contact_id'], used_trait_texts(), 'trait_value') }}

),

sampled_evidence as (

    select
        choices.segment_name,
        choices.trait,
        trait_values.contact_id,
        bin_weights.weight_of_evidence

    from trait_values

    inner join bins on trait_values.trait_value = bins.trait_value

    inner join choices on bins.trait = choices.trait

    inner join bin_weights
        on
            choices.segment_name = bin_weights.segment_name
            and choices.trait = bin_weights.trait
            and bins.bin = bin_weights.bin

)

select * from sampled_evidence
