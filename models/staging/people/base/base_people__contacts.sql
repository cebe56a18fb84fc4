-- Guarantees one row for each row of raw_contacts, with the verdict on it and whether erasure was asked for under its key.
with

raw_rows as (

    {{ raw_rows('raw_contacts') }}

),

key_rows as (

    {{ raw_rows('raw_contacts', with_row_hash=false, only=['source_system', 'source_contact_id', 'deleted_at']) }}

),

requests as (

    select
        coalesce(source_system, '') as key_system,
        coalesce(source_contact_id, '') as key_in_system,
        case when {{ asks_for_erasure('deleted_at', 'raw_deleted_at') }} then 1 else 0 end as is_request,
        case
            when {{ deletion_moment('deleted_at', 'raw_deleted_at') }} is null then {{ text_of('raw_deleted_at') }}
        end as unreadable_deleted_at

    from key_rows

),

-- The few keys of which more counts than what one row says. A request in any version holds for good, whatever else is wrong with its
-- row: a newer one without it, or a late old one, takes nothing back.
special_keys as (

    select
        key_system,
        key_in_system,
        count(*) as row_count,
        max(is_request) as has_request,
        max(case when is_request = 1 then unreadable_deleted_at end) as unreadable_deleted_at

    from requests

    group by key_system, key_in_system

    having count(*) > 1 or max(is_request) = 1

),

judged as (

    select
        raw_rows.*,
        {{ deletion_moment('deleted_at', 'raw_deleted_at') }} as asked_at,
        {{ asks_for_erasure('deleted_at', 'raw_deleted_at') }} as asks_for_erasure,
        coalesce(special_keys.has_request = 1, false) as is_erased,
        special_keys.unreadable_deleted_at,
        -- To hash and to order every row would cost as much as to read them all.
        case when special_keys.row_count > 1 then {{ raw_row_hash('raw_contacts') }} end as repeated_row_hash,
        {{ greatest_of(['created_at', 'coalesce(updated_at, created_at)']) }} as version_at,
        {{ first_reason(
            missing_reasons(['source_system', 'source_contact_id'])
            + unreadable_reasons(['created_at'])
            + impossible_time_reasons(['created_at'])
        ) }} as rejection_reason

    from raw_rows

    left join special_keys
        on
            coalesce(raw_rows.source_system, '') = special_keys.key_system
            and coalesce(raw_rows.source_contact_id, '') = special_keys.key_in_system

),

contacts as (

    {{ with_row_status('judged', key=['source_system', 'source_contact_id'], row_hash='repeated_row_hash') }}

)

select * from contacts
