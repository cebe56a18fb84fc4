{# How much of what reached a contact was answered. Arguments are SQL: the responses and the messages received. #}
{% macro engagement_level(response_count, received_count) -%}
    case
        when {{ response_count }} = 0 then 'none'
        when {{ response_count }} >= {{ received_count }} * {{ var('engagement_high_rate') }} then 'high'
        when {{ response_count }} >= {{ received_count }} * {{ var('engagement_medium_rate') }} then 'medium'
        else 'low'
    end
{%- endmacro %}
