with

trait_values as (

    select * from {{ ref('int_lookalikes__trait_values') }}

),

memberships as (

    select * from {{ ref('segment_memberships') }}
    where segment_name in ({{ text_literals(var('lookalike_segments')) }})

),

lookalike_traits as (

    select * from {{ ref('int_lookalikes__traits') }}

),

contact_counts as (

    select
        trait_value,
        count(*) as contact_count

    from trait_values

    group by trait_value

),

member_counts as (

    select
        memberships.segment_name,
        trait_values.trait_value,
        count(*) as member_count

    from memberships

    inner join trait_values on memberships.contact_id = trait_values.contact_id

    group by memberships.segment_name, trait_values.trait_value

),

value_counts as (

    select
        lookalike_traits.segment_name,
        lookalike_traits.trait,
        lookalike_traits.is_number,
        contact_counts.trait_value,
        contact_counts.contact_count,
        nullif(substr(contact_counts.trait_value, length(lookalike_traits.trait) + 2), '') as value_text,
        coalesce(member_counts.member_count, 0) as member_count

    from contact_counts

    inner join lookalike_traits on split_part(contact_counts.trait_value, '=', 1) = lookalike_traits.trait

    left join member_counts
        on
            lookalike_traits.segment_name = member_counts.segment_name
            and contact_counts.trait_value = member_counts.trait_value

)

select * from value_counts
