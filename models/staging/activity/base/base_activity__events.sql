{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    on_schema_change='fail',
    pre_hook="{{ crm_segmentation.delete_window('occurred_at', 'timestamp', ref('crm_segmentation', 'base_activity__changed_events')) }}",
) }}

{%- set start = window_start() %}

-- Guarantees that every row of raw_events which has been taken in stands here once, and that an event which is settled stays as it is.
with

-- Repeats are told apart by event_rows_with_status; what has come late is dealt with here.
rows_with_status as (

    {{ event_rows_with_status(start) }}

),
{%- if is_incremental() %}

-- An event that is settled stays as it is: a newer version that lies in the window has come late.
settled_again as (

    select distinct
        settled.source_system,
        settled.event_id,
        settled.version_at

    from {{ this }} as settled

    inner join {{ ref('crm_segmentation', 'base_activity__event_rows') }} as event_rows
        on settled.source_system = event_rows.source_system and settled.event_id = event_rows.event_id

    where
        settled.row_status = 'kept'
        and not {{ in_window('settled.occurred_at', 'timestamp', start) }}
        and {{ in_window('event_rows.occurred_at', 'timestamp', start) }}

),

rows_in_time as (

    select
        rows_with_status.*,
        settled_again.event_id is not null and rows_with_status.row_status in ('kept', 'superseded') as is_settled_again

    from rows_with_status

    left join settled_again
        on rows_with_status.source_system = settled_again.source_system and rows_with_status.event_id = settled_again.event_id

    where
        settled_again.event_id is null
        or rows_with_status.row_status not in ('kept', 'superseded')
        or rows_with_status.version_at <= settled_again.version_at

),
{%- endif %}

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
        case when not {{ is_too_large('event_value') }} then event_value end as event_value,
        case when rejection_reason is not null or {{ is_json('properties') }} then properties end as properties,
        case when rejection_reason is null and not {{ is_json('properties') }} then properties end as raw_properties,
        {%- for column in ['occurred_at', 'received_at', 'event_value'] %}
        {%- set is_unusable = column ~ ' is null' ~ (' or ' ~ is_too_large(column) if column == 'event_value' else '') %}
        case
            when rejection_reason is not null or {{ is_unusable }} then {{ text_of('raw_' ~ column) }}
        end as raw_{{ column }},
        {%- endfor %}
        version_at,
        rejection_reason,
        {{ "case when is_settled_again then 'superseded' else row_status end as row_status" if is_incremental() else 'row_status' }},
        {{ as_of_date() }} as as_of_date

    from {{ 'rows_in_time' if is_incremental() else 'rows_with_status' }}

)

select * from events
