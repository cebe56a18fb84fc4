with

pairs as (

    select * from {{ ref('crm_segmentation', 'segment_overlaps') }}

),

both_ways as (
    {%- for one, other in [('segment_name', 'other_segment_name'), ('other_segment_name', 'segment_name')] %}

    select
        {{ one }} as nearer_to,
        {{ other }} as nearest_segment_name,
        jaccard as nearest_jaccard

    from pairs
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

ranked as (

    select
        *,
        row_number() over (
            partition by nearer_to order by nearest_jaccard desc, {{ by_code_point('nearest_segment_name') }} asc
        ) as pair_rank

    from both_ways

),

nearest as (

    select
        nearer_to as segment_name,
        nearest_segment_name,
        nearest_jaccard

    from ranked

    where pair_rank = 1

)

select * from nearest
