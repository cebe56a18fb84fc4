{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    unique_key=['record_id', 'identifier_type', 'identifier_key', 'build_number'],
    full_refresh=false,
    on_schema_change='fail',
) }}

-- Guarantees that no identifier is forgotten, so that an address is known as an erased person's when the source has long emptied the row.
with

{{ imports({
    'identifiers': 'int_identity__identifiers',
    'disputed_identifiers': 'int_identity__disputed_identifiers',
}) }}

identifier_types as (

    select * from {{ ref('crm_segmentation', 'identifier_types') }}
    where identifies_one_person

),

{{ memory(before=no_known_identifiers(), newest=known_identifiers_as_of('all_entries')) }}

shown_identifiers as (

    select
        identifiers.record_id,
        identifiers.identifier_type,
        {{ remembered_key('identifiers.identifier_key') }} as identifier_key,
        max(
            case when identifiers.blocked_reason is null and disputed_identifiers.identifier_key is null then 1 else 0 end
        ) = 1 as is_joining

    from identifiers

    inner join identifier_types on identifiers.identifier_type = identifier_types.identifier_type

    left join disputed_identifiers
        on
            identifiers.identifier_type = disputed_identifiers.identifier_type
            and identifiers.identifier_key = disputed_identifiers.identifier_key

    group by identifiers.record_id, identifiers.identifier_type, identifiers.identifier_key

),

known_identifiers as (

    select
        shown_identifiers.record_id,
        builds.build_number,
        {{ as_of_date() }} as known_on,
        shown_identifiers.identifier_type,
        shown_identifiers.identifier_key,
        shown_identifiers.is_joining

    from shown_identifiers

    left join known
        on
            shown_identifiers.record_id = known.record_id
            and shown_identifiers.identifier_type = known.identifier_type
            and shown_identifiers.identifier_key = known.identifier_key

    cross join builds

    where known.record_id is null or shown_identifiers.is_joining != known.is_joining

)

select * from known_identifiers
