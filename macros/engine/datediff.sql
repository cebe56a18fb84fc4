{# Replaces the macro with which dbt counts the boundaries of a unit between two moments on Trino. dbt's own casts to a timestamp of
   milliseconds first, which rounds the last half millisecond of a second, or of a day, into the next. #}
{% macro trino__datediff(first_date, second_date, datepart) -%}
    date_diff(
        '{{ datepart }}',
        date_trunc('{{ datepart }}', cast({{ first_date }} as timestamp(6))),
        date_trunc('{{ datepart }}', cast({{ second_date }} as timestamp(6)))
    )
{%- endmacro %}


{# Replaces the macro with which dbt cuts a moment down to a unit on BigQuery: its own makes a moment with a zone of it, and a week that
   begins on a Sunday. #}
{% macro bigquery__date_trunc(datepart, date) -%}
    datetime_trunc(cast({{ date }} as datetime), {{ 'isoweek' if datepart == 'week' else datepart }})
{%- endmacro %}
