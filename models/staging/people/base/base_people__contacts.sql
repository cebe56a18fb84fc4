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

)

select * from ranked
