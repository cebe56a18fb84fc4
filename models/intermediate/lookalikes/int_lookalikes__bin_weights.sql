{{ config(enabled=has_feature('lookalikes')) }}

with

value_counts as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__value_counts') }}

),

bins as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__bins') }}

),

bin_counts as (

    select
        value_counts.segment_name,
        value_counts.trait,
        bins.bin,
        cast(sum(value_counts.contact_count) as bigint) as contact_count,
        cast(sum(value_counts.member_count) as bigint) as member_count

    from value_counts

    inner join bins on value_counts.trait_value = bins.trait_value

    group by value_counts.segment_name, value_counts.trait, bins.bin

),

totals as (

    select
        *,
        cast(sum(contact_count) over (partition by segment_name, trait) as {{ double_type() }}) as all_contacts,
        cast(sum(member_count) over (partition by segment_name, trait) as {{ double_type() }}) as all_members,
        count(*) over (partition by segment_name, trait) as bin_count

    from bin_counts

),

-- Each bin gets lookalike_smoothing contacts more, with the usual share of members, so that a bin of few contacts says little.
smoothed as (

    select
        *,
        member_count + {{ double_literal(var('lookalike_smoothing')) }} * all_members / all_contacts as smoothed_members,
        contact_count - member_count
        + {{ double_literal(var('lookalike_smoothing')) }} * (all_contacts - all_members) / all_contacts as smoothed_others

    from totals

    where bin_count > 1 and all_members > 0 and all_members < all_contacts

),

weighed as (

    select
        segment_name,
        trait,
        bin,
        contact_count,
        member_count,
        bin_count,
        all_contacts,
        all_members,
        cast(ln(smoothed_members / smoothed_others * ((all_contacts - all_members) / all_members)) as numeric(18, 6)) as weight_of_evidence

    from smoothed

),

bin_weights as (

    select
        *,
        cast(
            (member_count / all_members - (contact_count - member_count) / (all_contacts - all_members))
            * weight_of_evidence as numeric(18, 6)
        ) as information_value

    from weighed

)

select * from bin_weights
