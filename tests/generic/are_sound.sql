{# Rows whose key is null or stands more than once, and rows for which a claim does not hold; a null claim holds. #}
{% test are_sound(model, key, claims=[]) %}

    select
        {% for column in key -%}
        cast({{ column }} as {{ dbt.type_string() }}) as key_{{ loop.index }},
        {% endfor -%}
        'key' as what
    from {{ model }}
    group by {{ key | join(', ') }}
    having count(*) > 1 or {% for column in key %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
    {%- for claim in claims %}

    union all

    select
        {% for column in key -%}
        cast({{ column }} as {{ dbt.type_string() }}) as key_{{ loop.index }},
        {% endfor -%}
        '{{ dbt.escape_single_quotes(claim) }}' as what
    from {{ model }}
    where not coalesce({{ claim }}, true)
    {%- endfor %}

{% endtest %}
