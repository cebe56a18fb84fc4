{# The first day of the last days before the as-of date, as a literal: a filter by it reaches the table. #}
{% macro first_day_of_last(days) -%}
    {%- set day = modules.datetime.datetime.strptime(crm_segmentation.as_of_day(), '%Y-%m-%d') -%}
    cast('{{ (day - modules.datetime.timedelta(days=days | int)).strftime('%Y-%m-%d') }}' as date)
{%- endmacro %}


{# Whether a date lies in the last days before the as-of date, that many days ago included. #}
{% macro in_last_days(date, days) -%}
    {{ date }} >= {{ crm_segmentation.first_day_of_last(days) }}
{%- endmacro %}
