{# The first day (yyyy-mm-dd) that an incremental activity model builds again, by the as-of date of its newest rows. None:
   all history, which is right where the table is new, empty, or holds more than is known as of an earlier day. #}
{% macro window_start() -%}
    {%- if not execute or not is_incremental() -%}{{- return(none) -}}{%- endif -%}
    {%- set held = run_query('select max(as_of_date) as as_of_date from ' ~ this).rows[0][0] -%}
    {%- set today = crm_segmentation.as_of_day() -%}
    {%- if held is none or (held | string)[:10] > today -%}{{- return(none) -}}{%- endif -%}
    {%- set held_day = modules.datetime.datetime.strptime((held | string)[:10], '%Y-%m-%d') -%}
    {%- set first_new_day = [held_day + modules.datetime.timedelta(days=1), modules.datetime.datetime.strptime(today, '%Y-%m-%d')] | min -%}
    {{- return((first_new_day - modules.datetime.timedelta(days=var('late_arrival_days'))).strftime('%Y-%m-%d')) -}}
{%- endmacro %}


{# Whether a row is to be built again: its day stands in the window, or it has none that time can be told by. A model that
   asks more than once looks up the start of the window once and passes it on. #}
{% macro in_window(column, data_type, start='') -%}
    {%- set start = crm_segmentation.window_start() if start == '' else start -%}
    {%- if start is none -%}
        1 = 1
    {%- elif data_type == 'date' -%}
        {{ column }} >= cast('{{ start }}' as date)
    {%- else -%}
        ({{ column }} >= cast('{{ start }} 00:00:00' as timestamp) or {{ column }} < cast('1970-01-01 00:00:00' as timestamp) or {{ column }} is null)
    {%- endif -%}
{%- endmacro %}


{# Pre-hook of the incremental activity models: the window goes, then the model appends it anew. A key that has
   vanished goes with it, which a merge would leave standing. #}
{% macro delete_window(column, data_type) -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ crm_segmentation.in_window(column, data_type) }}
    {%- endif -%}
{%- endmacro %}
