-- Guarantees each pair of segments that share a contact once. Pairs that share nobody have no row.
with

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

definitions as (

    select * from {{ ref('crm_segmentation', 'segment_definitions') }}

),

-- Pairs are formed and counted by number, which is much faster than by name.
numbered_segments as (

    select
        segment_name,
        label as segment_label,
        contact_count,
        row_number() over (order by {{ by_code_point('segment_name') }} asc) as segment_number

    from definitions

),

numbered_memberships as (

    select
        memberships.contact_id,
        numbered_segments.segment_number

    from memberships

    inner join numbered_segments on memberships.segment_name = numbered_segments.segment_name

),

pair_counts as (

    select
        memberships.segment_number,
        other_memberships.segment_number as other_segment_number,
        count(*) as shared_contact_count

    from numbered_memberships as memberships

    inner join numbered_memberships as other_memberships
        on
            memberships.contact_id = other_memberships.contact_id
            and memberships.segment_number < other_memberships.segment_number

    group by memberships.segment_number, other_memberships.segment_number

),

pairs as (

    select
        segments.segment_name,
        other_segments.segment_name as other_segment_name,
        cast(pair_counts.shared_contact_count as bigint) as shared_contact_count,
        segments.contact_count,
        other_segments.contact_count as other_contact_count,
        {{ rounded_ratio(
            'cast(pair_counts.shared_contact_count as bigint)',
            '(segments.contact_count + other_segments.contact_count - pair_counts.shared_contact_count)',
            scale=4,
        ) }} as jaccard,
        segments.segment_label,
        other_segments.segment_label as other_segment_label,
        {{ as_of_date() }} as as_of_date

    from pair_counts

    inner join numbered_segments as segments on pair_counts.segment_number = segments.segment_number

    inner join numbered_segments as other_segments on pair_counts.other_segment_number = other_segments.segment_number

)

select * from pairs
