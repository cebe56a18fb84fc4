-- Guarantees that every tag which reads as a no is judged once, and not for each contact that has it.
with

tags as (

    select
        source_system,
        lower(tag) as tag,
        count(*) as row_count

    from {{ ref('crm_segmentation', 'base_people__contact_tags') }}

    where source_system is not null and source_contact_id is not null and tag is not null

    group by source_system, lower(tag)

),

own_names as (

    select * from {{ ref('crm_segmentation', 'event_names') }}
    where source_system != '*'

),

named as (

    select
        tags.source_system,
        tags.tag,
        tags.row_count,
        own_names.event_name is not null as is_known,
        coalesce(own_names.event_name, {{ objection_read_from('tags.tag') | indent(8) }}) as event_name

    from tags

    left join own_names
        on
            tags.source_system = {{ tidy_source_system('own_names.source_system') }}
            and {{ snake_case('tags.tag') }} = own_names.source_event_name

),

objection_tags as (

    select * from named
    where event_name in ({{ text_literals(objection_events()) }})

)

select * from objection_tags
