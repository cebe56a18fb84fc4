with

raw_rows as (

    {{ raw_rows('raw_consents') }}

),

judged as (

    select
        *,
        occurred_at as version_at,
        {{ first_reason(
            missing_reasons(['source_system', 'source_contact_id', 'channel', 'consent_status'])
            + unreadable_reasons(['occurred_at'])
            + impossible_time_reasons(['occurred_at'])
            + [("lower(consent_status) not in ('granted', 'withdrawn')", 'consent_status_unknown')]
        ) }} as rejection_reason

    from raw_rows

),

ranked as (

    {{ with_row_status('judged', key=[
        'source_system',
        'source_contact_id',
        'lower(channel)',
        'lower(consent_status)',
        'occurred_at',
    ]) }}

)

select * from ranked
