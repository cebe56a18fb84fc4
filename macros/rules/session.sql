{# Whether a moment lies more than session_timeout_minutes after the last one before it, or there is none. #}
{% macro is_new_session(previous_at, occurred_at) -%}
    coalesce({{ occurred_at }} > {{ crm_segmentation.add_minutes(previous_at, var('session_timeout_minutes')) }}, true)
{%- endmacro %}
