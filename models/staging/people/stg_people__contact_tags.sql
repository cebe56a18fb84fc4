with

kept_rows as (

    select * from {{ ref('crm_segmentation', 'base_people__contact_tags') }}
    where row_status = 'kept'

),

tidied as (

    select
        {{ hashed_key(['source_system', 'source_contact_id']) }} as record_id,
        source_system,
        source_contact_id,
        lower(tag) as tag,
        tagged_by,
        tagged_at,
        {{ unless_later('removed_at') }} as removed_at,
        raw_removed_at,
        removed_at as parsed_removed_at

    from kept_rows

)

select * from tidied
