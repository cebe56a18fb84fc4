with

kept_rows as (

    select * from {{ ref('base_people__contact_identifiers') }}
    where row_status = 'kept'

),

tidied as (

    select
        {{ hashed_key(['source_system', 'source_contact_id']) }} as record_id,
        source_system,
        source_contact_id,
        lower(identifier_type) as identifier_type,
        lower(identifier_value) as identifier_value,
        seen_at,
        raw_seen_at

    from kept_rows

)

select * from tidied
