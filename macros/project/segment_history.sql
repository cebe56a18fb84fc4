{# A history grows by days in order. What follows a day would be lost if that day were measured again, so only a backfill,
   which measures the later days again too, may go back. #}
{% macro check_history() %}
    {%- if not execute or flags.WHICH not in ['build', 'run'] or var('backfill') -%}{{- return('') -}}{%- endif -%}
    {%- if 'model.crm_segmentation.int_segments__membership_spells' not in selected_resources -%}{{- return('') -}}{%- endif -%}
    {%- set last_day = crm_segmentation.last_recorded_day() -%}
    {%- set day = crm_segmentation.as_of_day() -%}
    {%- if last_day is not none and day < last_day -%}
        {%- do crm_segmentation.give_back_run_lock() -%}
        {{- exceptions.raise_compiler_error(
            "The segment history already knows " ~ last_day ~ ", and as_of_date is " ~ day ~ ". To measure that day again, and the days "
            ~ "after it, run: make backfill FROM=" ~ day ~ " TO=" ~ last_day ~ ". To look at it only, build into another database "
            ~ "(CRM_DUCKDB_PATH=past.duckdb)."
        ) -}}
    {%- endif -%}
{% endmacro %}


{% macro last_recorded_day() %}
    {#- A ref would have to be known before the run starts, and hooks have none. -#}
    {%- set node = crm_segmentation.model_node('segment_profiles') -%}
    {%- set profiles = adapter.get_relation(node.database, node.schema, node.alias) -%}
    {%- if profiles is none -%}{{- return(none) -}}{%- endif -%}
    {%- set last_day = run_query('select max(as_of_date) as last_day from ' ~ profiles).rows[0][0] -%}
    {{- return((last_day | string)[:10] if last_day is not none else none) -}}
{% endmacro %}


{% macro forget_from_as_of_date() %}
    {%- if load_relation(this) is not none -%}
        delete from {{ this }} where as_of_date >= {{ crm_segmentation.as_of_date() }}
    {%- endif -%}
{% endmacro %}


{# Two hooks and not one of two statements: Spark takes one at a time. #}
{% macro forget_spells_from_as_of_date() %}
    {%- if load_relation(this) is not none -%}
        delete from {{ this }} where entered_on >= {{ crm_segmentation.as_of_date() }}
    {%- endif -%}
{% endmacro %}


{% macro reopen_from_as_of_date() %}
    {%- if load_relation(this) is not none -%}
        update {{ this }} set exited_on = null where exited_on >= {{ crm_segmentation.as_of_date() }}
    {%- endif -%}
{% endmacro %}


{% macro forget_empty_spells() %}
    delete from {{ this }} where exited_on <= entered_on
{% endmacro %}
