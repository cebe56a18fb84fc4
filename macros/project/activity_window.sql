{# The first day (yyyy-mm-dd) that an incremental activity model builds again: that of the window of late events, or an earlier one from
   which on events were changed after they had been taken in. None: all history. #}
{% macro window_start() -%}
    {%- if not execute or not is_incremental() -%}{{- return(none) -}}{%- endif -%}
    {%- set start = crm_segmentation.window_start_after(this) -%}
    {%- if start is none or not var('heal_changed_events') -%}{{- return(start) -}}{%- endif -%}
    {%- set days = [start] -%}
    {%- for name in ['base_activity__changed_events'] + ([] if this.identifier == 'base_activity__events' else ['int_activity__stale_days']) -%}
        {%- set changes = crm_segmentation.stored_relation(name) -%}
        {%- set changed = run_query('select min(occurred_on) as occurred_on from ' ~ changes).rows[0][0] if changes is not none else none -%}
        {%- do days.append((changed | string)[:10]) if changed is not none -%}
    {%- endfor -%}
    {{- return(days | min) -}}
{%- endmacro %}


{# The first day of the window of late events, by the as-of date of the newest rows of a table. None: all history, which is right where
   the table is empty, or holds more than is known as of an earlier day. #}
{% macro window_start_after(held) -%}
    {%- if not execute -%}{{- return(none) -}}{%- endif -%}
    {%- set held_date = run_query('select max(as_of_date) as as_of_date from ' ~ held).rows[0][0] -%}
    {%- set today = crm_segmentation.as_of_day() -%}
    {%- if held_date is none or (held_date | string)[:10] > today -%}{{- return(none) -}}{%- endif -%}
    {%- set held_day = modules.datetime.datetime.strptime((held_date | string)[:10], '%Y-%m-%d') -%}
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
   vanished goes with it, which a merge would leave standing. changes is named so that it is there before: window_start reads it. #}
{% macro delete_window(column, data_type, changes) -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ crm_segmentation.engine_types(crm_segmentation.in_window(column, data_type)) }}
    {%- endif -%}
{%- endmacro %}
