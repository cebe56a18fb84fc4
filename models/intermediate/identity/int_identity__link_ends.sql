with

edges as (

    select * from {{ ref('crm_segmentation', 'int_identity__edges') }}

),

link_ends as (
    {%- for one, other in [('node_a', 'node_b'), ('node_b', 'node_a')] %}

    select
        {{ one }} as record_number,
        {{ other }} as linked_record_number,
        link_type,
        strength,
        match_score

    from edges
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from link_ends
