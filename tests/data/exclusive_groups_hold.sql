-- A contact in two segments of a group would get two messages that exclude each other; one in none of a complete group, no message.
with

contacts as (

    select contact_id from {{ ref('crm_segmentation', 'contact_traits') }}
    where not is_erased

),

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

definitions as (

    select * from {{ ref('crm_segmentation', 'segment_definitions') }}
    where exclusive_group is not null

),

complete_groups as (

    {{ exclusive_group_rows() | indent(4) }}

),

group_sizes as (

    select
        contacts.contact_id,
        complete_groups.exclusive_group,
        complete_groups.is_complete,
        count(definitions.segment_name) as segment_count,
        min(definitions.segment_name) as one_segment,
        max(definitions.segment_name) as other_segment

    from contacts

    cross join complete_groups

    left join memberships on contacts.contact_id = memberships.contact_id

    left join definitions
        on
            memberships.segment_name = definitions.segment_name
            and complete_groups.exclusive_group = definitions.exclusive_group

    group by contacts.contact_id, complete_groups.exclusive_group, complete_groups.is_complete

),

violations as (

    select
        contact_id,
        exclusive_group,
        segment_count,
        one_segment,
        other_segment,
        case
            when segment_count > 1 then 'in more than one segment of a group that allows one'
            else 'in no segment of a group that is complete'
        end as problem

    from group_sizes

    where segment_count > 1 or (is_complete and segment_count = 0)

)

select * from violations
