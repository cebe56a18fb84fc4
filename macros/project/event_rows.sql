{# The rows of raw_events with the verdict on each of its own. raw_rows may leave some out by a condition. #}
{% macro event_rows(condition=none) %}
    with

    raw_rows as (

        {{ crm_segmentation.raw_rows('raw_events', with_row_hash=false, condition=condition) }}

    )

    select
        *,
        {{ crm_segmentation.key_hash(['source_system', 'event_id']) }} as key_hash,
        {{ crm_segmentation.greatest_of(['occurred_at', 'coalesce(received_at, occurred_at)']) }} as version_at,
        {{ crm_segmentation.first_reason(
            crm_segmentation.missing_reasons(['source_system', 'event_id', 'event_name'])
            + crm_segmentation.unreadable_reasons(['occurred_at'])
            + crm_segmentation.impossible_time_reasons(['occurred_at'])
        ) }} as rejection_reason

    from raw_rows
{% endmacro %}


{# The rows of raw_events in a window with what became of each: of several with one key the newest that counts is kept.
   start: first day of the window; none is all history. #}
{% macro event_rows_with_status(start) %}
    {%- set key_of_row = crm_segmentation.key_hash([crm_segmentation.tidy_source_system('source_system'), crm_segmentation.tidy_key('event_id')]) %}
    with

    -- To rank every event would sort the whole history, so only keys that may stand more than once are. Each of the three
    -- reads the rows for itself: a common table expression would hold all of them in memory. Of those to rank only the key
    -- is tidied before they are chosen.
    repeated_keys as (

        select key_hash

        from {{ ref('crm_segmentation', 'base_activity__event_rows') }}

        where {{ crm_segmentation.in_window('occurred_at', 'timestamp', start) }}

        group by key_hash

        having count(*) > 1

    ),

    rows_that_stand_once as (

        select
            event_rows.*,
            cast(null as {{ dbt.type_string() }}) as raw_row_hash,
            {{ crm_segmentation.verdict_on_row() }} as row_status

        from {{ ref('crm_segmentation', 'base_activity__event_rows') }} as event_rows

        left join repeated_keys on event_rows.key_hash = repeated_keys.key_hash

        where repeated_keys.key_hash is null and {{ crm_segmentation.in_window('event_rows.occurred_at', 'timestamp', start) }}

    ),

    repeated_rows as (

        {{ crm_segmentation.event_rows(condition=key_of_row ~ ' in (select key_hash from repeated_keys)') }}

    ),

    rows_to_rank as (

        select
            *,
            {{ crm_segmentation.raw_row_hash('raw_events') }} as raw_row_hash

        from repeated_rows

        where {{ crm_segmentation.in_window('occurred_at', 'timestamp', start) }}

    ),

    ranked_rows as (

        {{ crm_segmentation.with_row_status('rows_to_rank', key=['source_system', 'event_id']) }}

    )

    select * from rows_that_stand_once

    union all

    select * from ranked_rows
{% endmacro %}
