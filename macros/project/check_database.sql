{# Stops a run that would read the demo where tables of the company's own were read, or the other way round: ids, histories and figures
   of both would stand side by side. It is most often a run that was not given the variables of its data. #}
{% macro check_database() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set holds = crm_segmentation.data_in_database() -%}
    {%- if holds == 'own' and var('demo_data') -%}
        {{- exceptions.raise_compiler_error(
            "This database (" ~ target.name ~ ") holds tables of your own, and this run reads the demo, because demo_data is true. Give it the variables"
            ~ " of your data: those that make own wrote, --vars \"$(cat shop.vars.yml)\" for shop.duckdb, or set demo_data: false and the others in"
            ~ " dbt_project.yml. For the demo name another database, such as CRM_DUCKDB_PATH=demo.duckdb."
        ) -}}
    {%- elif holds == 'demo' and not var('demo_data') -%}
        {{- exceptions.raise_compiler_error(
            "This database (" ~ target.name ~ ") holds the demo with its ids and histories, and this run reads tables of your own, because demo_data is"
            ~ " false. Name another database, such as CRM_DUCKDB_PATH=own.duckdb, or another schema."
        ) -}}
    {%- endif -%}
{% endmacro %}


{# What was last built in the database, demo or own; none where nothing says so. Before the first build files may have been loaded. #}
{% macro data_in_database() -%}
    {%- set run_info = crm_segmentation.stored_relation('run_info') -%}
    {%- set runs = crm_segmentation.named_rows(run_query('select * from ' ~ run_info)) if run_info is not none else [] -%}
    {%- if runs and 'is_demo' in runs[0] -%}
        {{- return('demo' if runs[0].is_demo else 'own') -}}
    {%- elif run_info is none and 'demo_data' not in crm_segmentation.given_variables() -%}
        {%- set loaded = adapter.get_relation(var('raw_database') or target.database, var('raw_schema'), 'raw_contacts') -%}
        {{- return('own' if loaded is not none else none) -}}
    {%- endif -%}
    {{- return(none) -}}
{%- endmacro %}


{# The variables given with --vars. #}
{% macro given_variables() -%}
    {%- set given = invocation_args_dict.get('vars') or {} -%}
    {{- return(fromyaml(given) if given is string else given) -}}
{%- endmacro %}


{# Replaces the macro that dbt show runs every query through: it runs no hook, and a model compiled with the variables of the demo gives
   wrong figures of a company's own tables. #}
{% macro get_show_sql(compiled_code, sql_header, limit) -%}
    {%- if project_name == 'crm_segmentation' -%}{%- do crm_segmentation.check_database() -%}{%- endif -%}
    {{- dbt.get_show_sql(compiled_code, sql_header, limit) -}}
{%- endmacro %}
