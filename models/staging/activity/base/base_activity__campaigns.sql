with

raw_rows as (

    {{ raw_rows('raw_campaigns') }}

),

judged as (

    select
        *,
        started_at as version_at,
        {{ first_reason(
            missing_reasons(['campaign_id', 'campaign_name', 'channel'])
            + unreadable_reasons(['started_at'])
        ) }} as rejection_reason

    from raw_rows

),

ranked as (

    {{ with_row_status('judged', key=['campaign_id']) }}

)

select * from ranked
