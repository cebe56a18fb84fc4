{# How much of what reached a contact was answered. Arguments are SQL: the responses and the messages received. #}
{% macro engagement_level(response_count, received_count) -%}
    case
        when {{ response_count }} = 0 then 'none'
        when {{ response_count }} >= {{ received_count }} * {{ var('engagement_high_rate') }} then 'high'
        when {{ response_count }} >= {{ received_count }} * {{ var('engagement_medium_rate') }} then 'medium'
        else 'low'
    end
{%- endmacro %}


{# What people do that is counted as a trait: the event to the word for it in the names of traits. #}
{% macro counted_activities() -%}
    {{- return({
        'page_viewed': 'page_views',
        'product_viewed': 'product_views',
        'article_read': 'article_reads',
        'cart_added': 'cart_additions',
        'checkout_started': 'checkouts',
        'login': 'logins',
        'pricing_viewed': 'pricing_views',
        'quote_requested': 'quote_requests',
        'social_engaged': 'social_engagements',
    }) -}}
{%- endmacro %}
