{# Run by make erase: what deleted and overwritten rows said goes from the engine's own files. Not from its log, its backups, or what
   has been delivered. #}
{% macro forget_freed_space() -%}
    {{ return(adapter.dispatch('forget_freed_space', 'crm_segmentation')()) }}
{%- endmacro %}


{% macro default__forget_freed_space() -%}
    {{- exceptions.raise_compiler_error(
        "forget_freed_space does not know this engine: docs/privacy.md says what to do by hand. On DuckDB run make erase."
    ) -}}
{%- endmacro %}


{# The catalogue is a file of its own, which make erase copies, or a database whose keeper has to clean it. #}
{% macro duckdb__forget_freed_space() -%}
    {%- if not crm_segmentation.is_lake() -%}
        {%- do crm_segmentation.default__forget_freed_space() -%}
    {%- elif execute -%}
        {%- do crm_segmentation.duckdb__expire_snapshots(0) -%}
    {%- endif -%}
{%- endmacro %}


{# Tables are written anew, and the statistics, which hold frequent values of dropped tables too. No transaction may be open. #}
{% macro postgres__forget_freed_space() -%}
    {%- if execute -%}
        {%- for relation in crm_segmentation.stored_relations() -%}
            {%- do adapter.add_query('vacuum (full, analyze) ' ~ relation, auto_begin=False) -%}
        {%- endfor -%}
        {%- do adapter.add_query('vacuum full pg_catalog.pg_statistic', auto_begin=False) -%}
        {%- do adapter.add_query('checkpoint', auto_begin=False) -%}
    {%- endif -%}
{%- endmacro %}


{# Versions of a Delta table go with the files that only they need; who reads an older version meanwhile fails. #}
{% macro spark__forget_freed_space() -%}
    {%- if execute -%}
        {%- do run_query('set spark.databricks.delta.retentionDurationCheck.enabled = false') -%}
        {%- for relation in crm_segmentation.stored_relations() -%}
            {%- do run_query('vacuum ' ~ relation ~ ' retain 0 hours') -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{# Files that hold deleted rows are written anew, then the snapshots before that go, with the files that only they need. A catalogue that
   forbids such short times says so. Who reads an older snapshot meanwhile fails. #}
{% macro trino__forget_freed_space() -%}
    {%- if execute -%}
        {%- for property in ['expire_snapshots_min_retention', 'remove_orphan_files_min_retention'] -%}
            {%- do run_query('set session ' ~ target.database ~ '.' ~ property ~ " = '0s'") -%}
        {%- endfor -%}
        {%- for relation in crm_segmentation.stored_relations() -%}
            {%- for step in [
                "optimize(file_size_threshold => '1TB')",
                "expire_snapshots(retention_threshold => '0s')",
                "remove_orphan_files(retention_threshold => '0s')"
            ] -%}
                {%- do run_query('alter table ' ~ relation ~ ' execute ' ~ step) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{# The tables of this project that exist. #}
{% macro stored_relations() %}
    {%- set relations = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type in ['model', 'seed'] and node.config.enabled -%}
        {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) -%}
        {%- do relations.append(relation) if relation is not none and relation.type != 'view' -%}
    {%- endfor -%}
    {{- return(relations) -}}
{% endmacro %}
