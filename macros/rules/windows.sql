{# The first day of the last days before the as-of date, as a literal: a filter by it reaches the table. #}
{% macro first_day_of_last(days) -%}
    {%- set day = modules.datetime.datetime.strptime(crm_segmentation.as_of_day(), '%Y-%m-%d') -%}
    cast('{{ (day - modules.datetime.timedelta(days=days | int)).strftime('%Y-%m-%d') }}' as date)
{%- endmacro %}


{# Whether a date lies in the last days before the as-of date, that many days ago included. #}
{% macro in_last_days(date, days) -%}
    {{ date }} >= {{ crm_segmentation.first_day_of_last(days) }}
{%- endmacro %}


{# 1 Monday to 7 Sunday; 1970 began on a Thursday. #}
{% macro iso_weekday(moment) -%}
    cast({{ crm_segmentation.remainder('(' ~ crm_segmentation.days_between("cast('1969-12-29' as date)", moment) ~ ')', 7) }} + 1 as {{ dbt.type_int() }})
{%- endmacro %}


{# Whether a day is a birthday. Who was born on 29 February celebrates on 28 February where the year has no such day. #}
{% macro is_birthday(birth_date, day) -%}
    extract(month from {{ birth_date }}) = extract(month from {{ day }})
    and (
        extract(day from {{ birth_date }}) = extract(day from {{ day }})
        or (
            extract(month from {{ birth_date }}) = 2
            and extract(day from {{ birth_date }}) = 29
            and extract(day from {{ day }}) = 28
            and extract(month from {{ crm_segmentation.add_days(day, 1) }}) = 3
        )
    )
{%- endmacro %}
