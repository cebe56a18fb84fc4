with

raw_rows as (

    {{ raw_rows('raw_contacts') }}

),

judged as (

    select
        *,
        {{ greatest_of(['created_at', 'coalesce(updated_at, created_at)']) }} as version_at,
        {{ first_reason(
            missing_reasons(['source_system', 'source_contact_id'])
            + unreadable_reasons(['created_at'])
            + impossible_time_reasons(['created_at'])
        ) }} as rejection_reason

    from raw_rows

),

ranked as (

    {{ with_row_status('judged', key=['source_system', 'source_contact_id']) }}

),

asked as (

    select
        *,
        {{ deletion_moment('deleted_at', 'raw_deleted_at') }} as asked_at

    from ranked

),

judged_requests as (

    select
        *,
        not {{ says_not_deleted('asked_at', 'raw_deleted_at') }} and coalesce(asked_at < {{ as_of_end() }}, true) as asks_for_erasure

    from asked

),

-- A request in any version holds for good, whatever else is wrong with its row: a newer one without it, or a late old one,
-- takes nothing back.
with_erasure as (

    select
        *,
        max(case when asks_for_erasure then 1 else 0 end) over (partition by source_system, source_contact_id) = 1 as is_erased,
        max(
            case when asks_for_erasure and asked_at is null then {{ text_of('raw_deleted_at') }} end
        ) over (partition by source_system, source_contact_id) as unreadable_deleted_at

    from judged_requests

)

select * from with_erasure
