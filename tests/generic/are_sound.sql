{# Rows whose key is null or stands more than once, and rows for which a claim does not hold; a null claim holds. #}
{% test are_sound(model, key, claims=[]) %}

    select
        {% for column in key -%}
        cast({{ column }} as {{ dbt.type_string() }}) as key_{{ loop.index }},
        {% endfor -%}
        'the key is null or stands more than once' as problem
    from {{ model }}
    group by {{ key | join(', ') }}
    having count(*) > 1 or {% for column in key %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
    {%- for claim in claims %}

    union all

    select
        {% for column in key -%}
        cast({{ column }} as {{ dbt.type_string() }}) as key_{{ loop.index }},
        {% endfor -%}
        {{ crm_segmentation.sql_text('does not hold: ' ~ claim) }} as problem
    from {{ model }}
    where not coalesce({{ claim }}, true)
    {%- endfor %}

{% endtest %}
