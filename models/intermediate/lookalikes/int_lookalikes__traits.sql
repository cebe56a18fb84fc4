{{ config(enabled=has_feature('lookalikes')) }}

-- Guarantees that no look-alike is told by a trait of which the segment is made, or by another that says the same.
with

trait_families as (

    select * from {{ ref('crm_segmentation', 'trait_families') }}

),

definitions as (

    {{ lookalike_segment_rows() | indent(4) }}

),

trait_kinds as (

    {{ trait_kind_rows() | indent(4) }}

),

criteria_traits as (

    {{ lookalike_criteria_rows() | indent(4) }}

),

-- Traits that define the segment, and traits made of the same facts, are left out: they would only find the segment again.
leaking_families as (

    select distinct
        criteria_traits.segment_name,
        trait_families.trait_family

    from criteria_traits

    inner join trait_families on criteria_traits.trait = trait_families.trait

),

leaking_traits as (

    select
        segment_name,
        trait

    from criteria_traits

    union distinct

    select
        leaking_families.segment_name,
        trait_families.trait

    from leaking_families

    inner join trait_families on leaking_families.trait_family = trait_families.trait_family

),

usable_traits as (

    select distinct trait from trait_families
    where is_usable

),

lookalike_traits as (

    select
        definitions.segment_name,
        usable_traits.trait,
        trait_kinds.is_number

    from definitions

    cross join usable_traits

    inner join trait_kinds on usable_traits.trait = trait_kinds.trait

    left join leaking_traits
        on definitions.segment_name = leaking_traits.segment_name and usable_traits.trait = leaking_traits.trait

    where leaking_traits.trait is null

)

select * from lookalike_traits
