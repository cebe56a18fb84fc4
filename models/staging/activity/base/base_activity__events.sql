{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ crm_segmentation.delete_window('occurred_at', 'timestamp', ref('crm_segmentation', 'base_activity__changed_events')) }}",
) }}

{%- set start = window_start() %}
{%- set key_of_row = key_hash([tidy_source_system('source_system'), tidy_key('event_id')]) %}

with

-- To rank every event would sort the whole history, so only keys that may stand more than once are. Each of the three
-- reads the rows for itself: a common table expression would hold all of them in memory. Of those to rank only the key
-- is tidied before they are chosen.
repeated_keys as (

    select key_hash

    from {{ ref('crm_segmentation', 'base_activity__event_rows') }}

    where {{ in_window('occurred_at', 'timestamp', start) }}

    group by key_hash

    having count(*) > 1

),

rows_that_stand_once as (

    select
        event_rows.*,
        cast(null as {{ dbt.type_string() }}) as raw_row_hash,
        case
            when event_rows.rejection_reason is not null then 'rejected'
            when event_rows.version_at >= {{ as_of_end() }} then 'early'
            else 'kept'
        end as row_status

    from {{ ref('crm_segmentation', 'base_activity__event_rows') }} as event_rows

    left join repeated_keys on event_rows.key_hash = repeated_keys.key_hash

    where repeated_keys.key_hash is null and {{ in_window('event_rows.occurred_at', 'timestamp', start) }}

),

repeated_rows as (

    {{ event_rows(condition=key_of_row ~ ' in (select key_hash from repeated_keys)') }}

),

rows_to_rank as (

    select
        *,
        {{ raw_row_hash('raw_events') }} as raw_row_hash

    from repeated_rows

    where {{ in_window('occurred_at', 'timestamp', start) }}

),

ranked_rows as (

    {{ with_row_status('rows_to_rank', key=['source_system', 'event_id']) }}

),

judged_rows as (

    select * from rows_that_stand_once

    union all

    select * from ranked_rows

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
        judged_rows.*,
        settled_again.event_id is not null and judged_rows.row_status in ('kept', 'superseded') as is_settled_again

    from judged_rows

    left join settled_again
        on judged_rows.source_system = settled_again.source_system and judged_rows.event_id = settled_again.event_id

    where
        settled_again.event_id is null
        or judged_rows.row_status not in ('kept', 'superseded')
        or judged_rows.version_at <= settled_again.version_at

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
            when rejection_reason is not null or {{ is_unusable }} then cast(raw_{{ column }} as {{ dbt.type_string() }})
        end as raw_{{ column }},
        {%- endfor %}
        version_at,
        rejection_reason,
        {{ "case when is_settled_again then 'superseded' else row_status end as row_status" if is_incremental() else 'row_status' }},
        {{ as_of_date() }} as as_of_date

    from {{ 'rows_in_time' if is_incremental() else 'judged_rows' }}

)

select * from events
