{# Join condition: rows of what one visitor of a source system did, and int_behaviour__visitors, which says who that is. #}
{% macro same_visitor(relation) -%}
    {{ relation }}.source_system = visitors.source_system
            and {{ relation }}.visitor_type = visitors.visitor_type
            and {{ relation }}.visitor_id = visitors.visitor_id
{%- endmacro %}


{# Whose the sessions of a visitor are: the contact's where int_behaviour__visitors knows one, else the visitor's own. #}
{% macro person_key(relation, contact_id='visitors.contact_id') -%}
    coalesce(
            {{ contact_id }},
            {{ relation }}.source_system || chr(31) || {{ relation }}.visitor_type || chr(31) || {{ relation }}.visitor_id
        )
{%- endmacro %}


{# Whether a moment lies more than session_timeout_minutes after the last one before it, or there is none. #}
{% macro is_new_session(previous_at, occurred_at) -%}
    coalesce({{ occurred_at }} > {{ crm_segmentation.add_minutes(previous_at, var('session_timeout_minutes')) }}, true)
{%- endmacro %}
