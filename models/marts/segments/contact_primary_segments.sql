with

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

definitions as (

    select * from {{ ref('crm_segmentation', 'segment_definitions') }}

),

ranked as (

    select
        memberships.contact_id,
        memberships.segment_name,
        definitions.priority,
        row_number() over (
            partition by memberships.contact_id
            order by definitions.priority asc, {{ by_code_point('memberships.segment_name') }} asc
        ) as segment_rank

    from memberships

    inner join definitions on memberships.segment_name = definitions.segment_name

),

primary_segments as (

    select
        contact_id,
        segment_name,
        priority,
        {{ as_of_date() }} as as_of_date

    from ranked

    where segment_rank = 1

)

select * from primary_segments
