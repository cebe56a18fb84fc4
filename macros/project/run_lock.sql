{# Whether the command builds and the lock is switched on. Tests, dbt show, compile, docs and ls build nothing. #}
{% macro is_locked_command() -%}
    {{- return(var('run_lock') and flags.WHICH in ['build', 'run', 'seed', 'snapshot']) -}}
{%- endmacro %}


{# The same, for a run that has something of this project to build: one of a host's own models alone needs no lock. #}
{% macro is_building_run() -%}
    {%- if not crm_segmentation.is_locked_command() -%}{{- return(false) -}}{%- endif -%}
    {%- for resource in selected_resources if resource.split('.')[0] in ['model', 'seed', 'snapshot'] and resource.split('.')[1] == 'crm_segmentation' -%}
        {{- return(true) -}}
    {%- endfor -%}
    {{- return(false) -}}
{%- endmacro %}


{# The table that says who builds: beside the memory of all ids, so that whoever builds into the same tables meets there. #}
{% macro run_lock_table() -%}
    {%- set ledger = crm_segmentation.model_node('int_identity__ledger') -%}
    {{- return(api.Relation.create(database=ledger.database, schema=ledger.schema, identifier='run_lock')) -}}
{%- endmacro %}


{# The whole number by which nodes of runs that share that table meet. #}
{% macro run_lock_key() -%}
    {{- return(local_md5('crm_segmentation ' ~ crm_segmentation.run_lock_table())[:15] | int(base=16)) -}}
{%- endmacro %}


{# A run as the messages name it. holder: a row with invocation_id, target_name and taken_at (UTC). #}
{% macro described_run(holder) -%}
    {{- return('run ' ~ holder.invocation_id ~ ' on target ' ~ holder.target_name ~ ', at work since ' ~ (holder.taken_at | string)[:19] ~ ' UTC') -}}
{%- endmacro %}


{% macro tell_takeover(holder, reason) -%}
    {%- do log("Took over the lock of " ~ crm_segmentation.described_run(holder) ~ ": " ~ reason ~ ".", info=true) -%}
{%- endmacro %}


{% macro stop_for_another_run(holder) -%}
    {%- do exceptions.raise_compiler_error(
        "Another run is building into these tables: "
        ~ (crm_segmentation.described_run(holder) if holder.invocation_id else "one whose lock was released, but which is still at work")
        ~ ". Nothing was built. Wait until it has ended and start again. If that run is known to be dead: dbt run-operation release_run_lock"
        ~ " --target " ~ target.name
    ) -%}
{%- endmacro %}


{% macro stop_without_run_lock(holders) -%}
    {%- do exceptions.raise_compiler_error(
        "This run no longer holds the lock that it took when it began: "
        ~ (crm_segmentation.described_run(holders[0]) ~ " has taken it over" if holders else "it was released by hand")
        ~ ". It builds nothing more, so that no row is doubled. Start it again when no other run is building into these tables."
    ) -%}
{%- endmacro %}
