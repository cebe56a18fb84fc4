with

bin_weights as (

    select * from {{ ref('int_lookalikes__bin_weights') }}

),

information_values as (

    select
        segment_name,
        trait,
        sum(information_value) as trait_information_value,
        -- What a trait that tells nothing would have by chance.
        cast(2e0 * (max(bin_count) - 1) * (1e0 / max(all_members) + 1e0 / (max(all_contacts) - max(all_members))) as numeric(18, 6))
            as chance_information_value

    from bin_weights

    group by segment_name, trait

),

ranked as (

    select
        *,
        row_number() over (
            partition by segment_name order by trait_information_value desc, {{ by_code_point('trait') }} asc
        ) as information_rank

    from information_values

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
