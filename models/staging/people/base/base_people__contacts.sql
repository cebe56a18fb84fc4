with

raw_rows as (

    {{ raw_rows('raw_contacts') }}

),

judged as (

    select
        *,
        greatest(created_at, coalesce(updated_at, created_at)) as version_at,
        {{ first_reason(
            missing_reasons(['source_system', 'source_contact_id'])
            + unreadable_reasons(['created_at'])
            + impossible_time_reasons(['created_at', 'updated_at'])
        ) }} as rejection_reason

    from raw_rows

),

ranked as (

    {{ with_row_status('judged', key=['source_system', 'source_contact_id']) }}

),

-- A request in any version holds for good: a newer one without it, or a late old one, takes nothing back.
with_erasure as (

    select
        *,
        max(
            case
                when
                    (deleted_at < {{ as_of_end() }} or (deleted_at is null and raw_deleted_at is not null))
                    and (version_at < {{ as_of_end() }} or version_at is null)
                    then 1
                else 0
            end
        ) over (partition by source_system, source_contact_id) = 1 as is_erased

    from ranked

)

select * from with_erasure
