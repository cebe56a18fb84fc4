{{ config(enabled=has_feature('lookalikes')) }}

with

bin_weights as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__bin_weights') }}

),

information_values as (

    select
        segment_name,
        trait,
        sum(information_value) as trait_information_value,
        cast(max(bin_count) - 1 as {{ double_type() }}) as degrees,
        1e0 / max(all_members) + 1e0 / (max(all_contacts) - max(all_members)) as information_unit

    from bin_weights

    group by segment_name, trait

),

-- The information value of a trait that tells nothing is about chi-square distributed: two standard deviations above its mean.
compared as (

    select
        segment_name,
        trait,
        trait_information_value,
        cast((degrees + 2e0 * sqrt(2e0 * degrees)) * information_unit as numeric(18, 6)) as chance_information_value

    from information_values

),

ranked as (

    select
        *,
        row_number() over (
            partition by segment_name order by trait_information_value desc, {{ by_code_point('trait') }} asc
        ) as information_rank

    from compared

),

choices as (

    select
        segment_name,
        trait,
        trait_information_value,
        coalesce(
            trait_information_value > chance_information_value and information_rank <= {{ var('lookalike_trait_count') }}, false
        ) as is_used

    from ranked

)

select * from choices
