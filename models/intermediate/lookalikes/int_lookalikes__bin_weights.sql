{{ config(enabled=has_feature('lookalikes')) }}

-- Guarantees a finite weight for every bin, also for one without a member, and the same digits on every engine.
with

{{ imports({'value_counts': 'int_lookalikes__value_counts', 'bins': 'int_lookalikes__bins'}) }}

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
        *,
        cast(ln(smoothed_members / smoothed_others * ((all_contacts - all_members) / all_members)) as numeric(18, 6)) as weight_of_evidence

    from smoothed

),

-- A weight times a share often ends half way between two numbers of six decimals, so the product is worked out in whole numbers.
whole_numbers as (

    select
        *,
        cast(abs(weight_of_evidence) * 1000000 as numeric(18, 0)) as millionths,
        cast(all_members as numeric(18, 0)) * cast(all_contacts - all_members as numeric(18, 0)) as pair_count,
        member_count * cast(all_contacts as bigint) - contact_count * cast(all_members as bigint) as surplus

    from weighed

),

bin_weights as (

    select
        segment_name,
        trait,
        bin,
        contact_count,
        member_count,
        bin_count,
        all_contacts,
        all_members,
        weight_of_evidence,
        {{ rounded_ratio('abs(surplus) * millionths', '(pair_count * 1000000)', 6) }} as information_value

    from whole_numbers

)

select * from bin_weights
