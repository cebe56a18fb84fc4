{# The rows of raw_orders with the verdict on each of its own. raw_rows may leave some out by a condition. #}
{% macro order_rows(condition=none) %}
    with

    raw_rows as (

        {{ crm_segmentation.raw_rows('raw_orders', condition=condition) }}

    )

    select
        *,
        {{ crm_segmentation.greatest_of(['ordered_at', 'coalesce(updated_at, ordered_at)']) }} as version_at,
        {{ crm_segmentation.first_reason(
            crm_segmentation.missing_reasons(['source_system', 'source_order_id'])
            + crm_segmentation.unreadable_reasons(['ordered_at', 'order_total'])
            + crm_segmentation.impossible_time_reasons(['ordered_at'])
        ) }} as rejection_reason

    from raw_rows
{% endmacro %}


{# The part of all orders that an order belongs to by its key: about a million parts, which are compared and built again one by one.
   source_order_id: SQL of the key in its tidy form. #}
{% macro order_bucket(source_order_id) -%}
    {{ crm_segmentation.remainder(crm_segmentation.key_hash([source_order_id]), 1048576) }}
{%- endmacro %}
