{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ crm_segmentation.delete_window('occurred_at', 'timestamp') }}",
) }}

with

raw_rows as (

    {{ raw_rows('raw_events') }}

),

judged as (

    select
        *,
        greatest(occurred_at, coalesce(received_at, occurred_at)) as version_at,
        {{ first_reason(
            missing_reasons(['source_system', 'event_id', 'event_name'])
            + unreadable_reasons(['occurred_at'])
            + impossible_time_reasons(['occurred_at', 'received_at'])
        ) }} as rejection_reason

    from raw_rows

    where {{ in_window('occurred_at', 'timestamp') }}

),
{%- if is_incremental() %}

settled as (

    select
        source_system,
        event_id

    from {{ this }}

    where row_status = 'kept' and not {{ in_window('occurred_at', 'timestamp') }}

),

-- An event that is settled does not change its day any more: such a version has come late.
unsettled as (

    select judged.*

    from judged

    left join settled
        on
            judged.source_system = settled.source_system
            and judged.event_id = settled.event_id
            and judged.rejection_reason is null

    where settled.event_id is null

),
{%- endif %}

ranked as (

    {{ with_row_status('unsettled' if is_incremental() else 'judged', key=['source_system', 'event_id']) }}

),

events as (

    select
        source_system,
        event_id,
        source_contact_id,
        anonymous_id,
        event_name,
        {{ snake_case('event_name') }} as source_event_name,
        occurred_at,
        received_at,
        channel,
        device_type,
        operating_system,
        app_version,
        page_path,
        campaign_id,
        source_product_id,
        event_value,
        properties,
        {%- for column in ['occurred_at', 'received_at', 'event_value'] %}
        case when rejection_reason is not null or {{ column }} is null then raw_{{ column }} end as raw_{{ column }},
        {%- endfor %}
        version_at,
        rejection_reason,
        row_status,
        {{ as_of_date() }} as as_of_date

    from ranked

)

select * from events
