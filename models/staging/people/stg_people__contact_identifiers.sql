with

kept_rows as (

    select * from {{ ref('crm_segmentation', 'base_people__contact_identifiers') }}
    where row_status = 'kept'

),

identifier_types as (

    select * from {{ ref('crm_segmentation', 'base_people__spellings') }}
    where kind = 'identifier_type'

),

tidied as (

    select
        {{ hashed_key(['kept_rows.source_system', 'kept_rows.source_contact_id']) }} as record_id,
        kept_rows.source_system,
        kept_rows.source_contact_id,
        lower(kept_rows.identifier_type) as source_identifier_type,
        coalesce(identifier_types.stored_value, lower(kept_rows.identifier_type)) as identifier_type,
        identifier_types.stored_value is not null as is_known_type,
        {{ folded_identifier('kept_rows.identifier_value') }} as identifier_value,
        kept_rows.identifier_value as raw_identifier_value,
        kept_rows.seen_at,
        kept_rows.raw_seen_at

    from kept_rows

    left join identifier_types on {{ snake_case('kept_rows.identifier_type') }} = identifier_types.spelling

)

select * from tidied
