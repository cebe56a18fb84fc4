-- Guarantees a verdict on every raw row, so that rows in equal those kept, superseded and rejected.
with

raw_rows as (

    {{ raw_rows('raw_consents') }}

),

channels as (

    select * from {{ ref('crm_segmentation', 'base_people__spellings') }}
    where kind = 'channel'

),

statuses as (

    select * from {{ ref('crm_segmentation', 'base_people__spellings') }}
    where kind = 'consent_status'

),

data_horizon as (

    select * from {{ ref('crm_segmentation', 'base_activity__data_horizon') }}

),

-- A status that nobody knows is a no. A no holds whatever its date is: one that cannot be read, or is still to come, is left out.
read_rows as (

    select
        raw_rows.*,
        channels.stored_value as known_channel,
        statuses.stored_value as known_status,
        case
            when raw_rows.consent_status is not null then coalesce(statuses.stored_value, 'withdrawn')
        end as decision,
        coalesce(statuses.stored_value, 'withdrawn') = 'withdrawn'
        and raw_rows.consent_status is not null
        and {{ is_undated('raw_rows.occurred_at', 'data_horizon.passed_until') }} as is_undated_no

    from raw_rows

    left join channels on {{ plain_spelling('raw_rows.channel') }} = channels.spelling

    left join statuses on {{ plain_spelling('raw_rows.consent_status') }} = statuses.spelling

    cross join data_horizon

),

judged as (

    select
        *,
        case when not is_undated_no then occurred_at end as version_at,
        {{ first_reason(
            missing_reasons(['source_system', 'source_contact_id'])
            + [("channel is null and decision != 'withdrawn'", 'channel_missing')]
            + missing_reasons(['consent_status'])
            + unless('is_undated_no', unreadable_reasons(['occurred_at']) + impossible_time_reasons(['occurred_at']))
        ) }} as rejection_reason

    from read_rows

),

ranked as (

    {{ with_row_status('judged', key=[
        'source_system',
        'source_contact_id',
        "coalesce(known_channel, lower(channel), 'all')",
        'decision',
        'version_at',
    ]) }}

)

select * from ranked
