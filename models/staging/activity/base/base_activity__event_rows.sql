with

raw_rows as (

    {{ raw_rows('raw_events', with_row_hash=false) }}

),

event_rows as (

    select
        *,
        {{ key_hash(['source_system', 'event_id']) }} as key_hash,
        greatest(occurred_at, coalesce(received_at, occurred_at)) as version_at,
        {{ first_reason(
            missing_reasons(['source_system', 'event_id', 'event_name'])
            + unreadable_reasons(['occurred_at'])
            + impossible_time_reasons(['occurred_at', 'received_at'])
        ) }} as rejection_reason

    from raw_rows

)

select * from event_rows
