{{ config(enabled=has_feature('lookalikes')) }}

{%- set segments = var('lookalike_segments') or [] %}
{%- set flags = lookalike_flags() %}

-- Guarantees that traits are counted in one pass over contacts, however many segments and traits there are. Erased
-- contacts are in no count.
with

contact_traits as (

    select * from {{ ref('crm_segmentation', 'contact_traits') }}
    where not is_erased

),

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}
    where segment_name in ({{ text_literals(segments) }})

),

lookalike_traits as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__traits') }}

),

members as (

    select
        contact_id as member_id,
        {{ lookalike_member_columns() }}

    from memberships

    group by contact_id

),

flagged_contacts as (

    select
        contact_traits.*,
        members.*

    from contact_traits

    left join members on contact_traits.contact_id = members.member_id

),

-- The linter cannot read grouping sets yet.
contact_counts as (

    {{ trait_value_counts('flagged_contacts', flags) | trim }} -- noqa: PRS

),

segment_counts as (

    {%- for name in segments or [none] %}

    select
        {{ sql_text(name) }} as segment_name,
        trait_value,
        contact_count,
        coalesce({{ flags[loop.index0] }}, 0) as member_count

    from contact_counts
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

value_counts as (

    select
        lookalike_traits.segment_name,
        lookalike_traits.trait,
        lookalike_traits.is_number,
        segment_counts.trait_value,
        segment_counts.contact_count,
        segment_counts.member_count,
        nullif(substr(segment_counts.trait_value, length(lookalike_traits.trait) + 2), '') as value_text

    from segment_counts

    inner join lookalike_traits
        on
            segment_counts.segment_name = lookalike_traits.segment_name
            and {{ text_part('segment_counts.trait_value', '=', 1) }} = lookalike_traits.trait

)

select * from value_counts
