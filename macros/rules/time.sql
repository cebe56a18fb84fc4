{# The as-of date as text, yyyy-mm-dd. Anything else becomes the first day of 1970 until check_variables,
   which speaks before the first model runs, has said so. #}
{% macro as_of_day() -%}
    {%- set day = crm_segmentation.as_of_variable() -%}
    {{- return(day if crm_segmentation.is_day(day) else '1970-01-01') -}}
{%- endmacro %}


{# What the variables say the as-of date is, unchecked. #}
{% macro as_of_variable() -%}
    {{- return(
        (var('as_of_date') or (var('demo_last_day') if var('demo_data') else run_started_at.strftime('%Y-%m-%d'))) | string
    ) -}}
{%- endmacro %}


{% macro as_of_date() -%}
    cast('{{ crm_segmentation.as_of_day() }}' as date)
{%- endmacro %}


{# The first moment that no longer counts. #}
{% macro as_of_end() -%}
    {%- set day = modules.datetime.datetime.strptime(crm_segmentation.as_of_day(), '%Y-%m-%d') -%}
    cast('{{ (day + modules.datetime.timedelta(days=1)).strftime('%Y-%m-%d') }} 00:00:00' as timestamp)
{%- endmacro %}


{# A clock may run a day ahead; what lies beyond it cannot have happened. #}
{% macro clock_skew_end() -%}
    {%- set day = modules.datetime.datetime.strptime(crm_segmentation.as_of_day(), '%Y-%m-%d') -%}
    cast('{{ (day + modules.datetime.timedelta(days=2)).strftime('%Y-%m-%d') }} 00:00:00' as timestamp)
{%- endmacro %}


{# The day on which the run takes place, yyyy-mm-dd: with the demo its own last day. #}
{% macro present_day() -%}
    {{- return((var('demo_last_day') if var('demo_data') else run_started_at.strftime('%Y-%m-%d')) | string) -}}
{%- endmacro %}


{# A moment that may have happened; else null. Beyond the as-of date it is a later version, which waits; beyond the present,
   whatever day is being measured, only a wrong clock can have written it. #}
{% macro possible_time(moment) -%}
    {%- set day = modules.datetime.datetime.strptime([crm_segmentation.present_day(), crm_segmentation.as_of_day()] | max, '%Y-%m-%d') -%}
    case
        when
            {{ moment }} >= cast('1970-01-01 00:00:00' as timestamp)
            and {{ moment }} < cast('{{ (day + modules.datetime.timedelta(days=2)).strftime('%Y-%m-%d') }} 00:00:00' as timestamp)
            then {{ moment }}
    end
{%- endmacro %}


{# Whole calendar days from a moment to the as-of date. #}
{% macro days_ago(moment) -%}
    {{ crm_segmentation.days_between('cast(' ~ moment ~ ' as date)', crm_segmentation.as_of_date()) }}
{%- endmacro %}


{# Whole years from a date to the as-of date, as is_birthday counts them: who was born on 29 February is a year older on
   28 February where the year has no such day. #}
{% macro years_ago(date) -%}
    {%- set day = crm_segmentation.as_of_day() -%}
    {%- set year = day[:4] | int -%}
    {%- set has_leap_day = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) -%}
    {%- set month_and_day = 229 if day[5:] == '02-28' and not has_leap_day else day[5:7] | int * 100 + day[8:10] | int -%}
    cast(
        {{ year }} - extract(year from {{ date }})
        - case
            when extract(month from {{ date }}) * 100 + extract(day from {{ date }}) > {{ month_and_day }}
                then 1
            else 0
        end as {{ dbt.type_int() }}
    )
{%- endmacro %}
