-- Guarantees that a tag which says no counts whatever its date, and though its row was rejected or the tag taken off again: only a
-- later yes lifts it.
with

tag_rows as (

    select * from {{ ref('crm_segmentation', 'base_people__contact_tags') }}
    where source_contact_id is not null

),

objection_tags as (

    select * from {{ ref('crm_segmentation', 'base_people__objection_tags') }}

),

data_horizon as (

    select * from {{ ref('crm_segmentation', 'base_activity__data_horizon') }}

),

tag_objections as (

    select
        tag_rows.source_system,
        'contact' as visitor_type,
        tag_rows.source_contact_id as visitor_id,
        objection_tags.event_name,
        'all' as channel,
        case when not {{ is_undated('tag_rows.tagged_at', 'data_horizon.passed_until') }} then tag_rows.tagged_at end as occurred_at

    from tag_rows

    inner join objection_tags on tag_rows.source_system = objection_tags.source_system and lower(tag_rows.tag) = objection_tags.tag

    cross join data_horizon

)

select * from tag_objections
