{# Rows whose key is null or stands more than once. #}
{% test is_the_key(model, key) %}

    select
        {{ key | join(', ') }},
        count(*) as row_count
    from {{ model }}
    group by {{ key | join(', ') }}
    having count(*) > 1 or {% for column in key %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}

{% endtest %}
