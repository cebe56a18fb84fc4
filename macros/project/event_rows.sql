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
