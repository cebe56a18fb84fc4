with

raw_rows as (

    {{ raw_rows('raw_contact_tags') }}

),

judged as (

    select
        *,
        tagged_at as version_at,
        {{ first_reason(
            missing_reasons(['source_system', 'source_contact_id', 'tag'])
            + unreadable_reasons(['tagged_at'])
            + impossible_time_reasons(['tagged_at'])
        ) }} as rejection_reason

    from raw_rows

),

ranked as (

    {{ with_row_status('judged', key=['source_system', 'source_contact_id', 'lower(tag)', 'tagged_at']) }}

)

select * from ranked
