{# Rows for which one of the claims does not hold; a claim that is null holds. #}
{% test holds(model, claims) %}

    select *
    from {{ model }}
    where
        {% for claim in claims -%}
        not coalesce({{ claim }}, true)
        {{ 'or ' if not loop.last }}
        {%- endfor %}

{% endtest %}
