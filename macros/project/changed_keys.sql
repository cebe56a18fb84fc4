{# Tables that a run changes in part. A log of changed keys (base_commerce__changed_orders, int_orders__changed_contacts) has one row per key: how many facts
   there are, the sum of their fingerprints, and the number of the change that was the last. A table that stands on a log rebuilds the keys whose
   last change has a higher number than the one it was built up to, by base_raw__builds. Nothing else decides, so that a run which was
   stopped, or built a part, is made good by the next. #}


{# The keys of a log whose facts are not what they were, as the common table expression changes. facts: one with the key and a fingerprint.
   also: one of keys that count as changed in any case. #}
{% macro changes_of_keys(facts, key, also=none) %}
sums as (

    select
        {{ key }},
        count(*) as row_count,
        cast(sum(fingerprint) as {{ dbt.type_bigint() }}) as fingerprint_sum

    from {{ facts }}

    group by {{ key }}

),
{%- if is_incremental() %}

held as (

    select * from {{ this }}

),

changed_keys as (

    select
        coalesce(sums.{{ key }}, held.{{ key }}) as {{ key }},
        coalesce(sums.row_count, 0) as row_count,
        coalesce(sums.fingerprint_sum, 0) as fingerprint_sum

    from held

    full outer join sums on held.{{ key }} = sums.{{ key }}
    {%- if also %}

    left join {{ also }} on held.{{ key }} = {{ also }}.{{ key }}
    {%- endif %}

    where
        held.{{ key }} is null
        or coalesce(sums.row_count, 0) != held.row_count
        or coalesce(sums.fingerprint_sum, 0) != held.fingerprint_sum
        {%- if also %}
        or {{ also }}.{{ key }} is not null
        {%- endif %}

),
{%- endif %}

-- A log that begins anew goes on counting, so that no table takes an old change for one that it has taken in.
last_change as (

    select coalesce(max({{ 'change_number' if is_incremental() else 'built_to' }}), 0) as change_number
    from {{ 'held' if is_incremental() else ref('crm_segmentation', 'base_raw__builds') }}

),

changes as (

    select
        changed.{{ key }},
        cast(changed.row_count as {{ dbt.type_bigint() }}) as row_count,
        changed.fingerprint_sum,
        cast(last_change.change_number + 1 as {{ dbt.type_int() }}) as change_number

    from {{ 'changed_keys' if is_incremental() else 'sums' }} as changed

    cross join last_change

)
{%- endmacro %}


{# Post-hook of a log: of a key that has changed again, the entry before goes. #}
{% macro forget_former_changes(key) -%}
    {%- if is_incremental() -%}
        merge into {{ this }} as entries
        using (
            select
                {{ key }},
                max(change_number) as change_number
            from {{ this }}
            group by {{ key }}
            having count(*) > 1
        ) as newest
            on entries.{{ key }} = newest.{{ key }} and entries.change_number < newest.change_number
        when matched then delete
    {%- endif -%}
{%- endmacro %}


{# Configures a model as a table that a run changes in part, by a log of changed keys. #}
{% macro rebuilt_for_changes(log) -%}
    {{ config(
        materialized='incremental',
        incremental_strategy=crm_segmentation.incremental_strategy('append'),
        on_schema_change='append_new_columns',
        pre_hook="{{ crm_segmentation.delete_changed('" ~ log ~ "') }}",
        post_hook="{{ crm_segmentation.note_build('" ~ log ~ "') }}",
    ) }}
{%- endmacro %}


{# Replaces the macro by which dbt decides whether a table is built whole. Such a table is, where nobody asked for it, when it was built as
   of a later day or by other definitions, or the log has begun anew since. #}
{% macro should_full_refresh() -%}
    {%- set asked = flags.FULL_REFRESH if config.get('full_refresh') is none else config.get('full_refresh') -%}
    {%- set log = crm_segmentation.log_behind(model) -%}
    {{- return(asked or (log is not none and crm_segmentation.built_to(log) is none)) -}}
{%- endmacro %}


{# The log by whose changes a table is rebuilt, as its pre-hook names it; none for any other. #}
{% macro log_behind(node) -%}
    {%- for hook in node.config.get('pre-hook') or [] if 'delete_changed(' in hook.sql -%}
        {{- return(hook.sql.split("'")[1]) -}}
    {%- endfor -%}
    {{- return(none) -}}
{%- endmacro %}


{# The key of a log, and how a table that stands on it tells the key of a row. #}
{% macro key_of_log(log) -%}
    {{- return({
        'base_commerce__changed_orders': ('order_bucket', crm_segmentation.order_bucket('source_order_id')),
        'int_orders__changed_contacts': ('contact_id', "coalesce(contact_id, '')"),
    }[log]) -}}
{%- endmacro %}


{# Up to which change of a log the table that is being built has been built. None: what it holds is of no use. #}
{% macro built_to(log) -%}
    {%- set found = run_query(
        "select built_to, as_of_date, definitions, (select min(change_number) from " ~ ref('crm_segmentation', log) ~ ") as first_change"
        ~ " from " ~ ref('crm_segmentation', 'base_raw__builds') ~ " where model_name = '" ~ model.name ~ "' and log_name = '" ~ log ~ "'"
        ~ " order by built_at desc, built_to desc"
    ).rows if execute else [] -%}
    {%- if found | length == 0 -%}{{- return(none) -}}{%- endif -%}
    {%- set built = found[0] -%}
    {%- if (built[1] | string)[:10] > crm_segmentation.as_of_day() or built[2] != crm_segmentation.definitions_hash() or built[0] < (built[3] or 0) -%}
        {{- return(none) -}}
    {%- endif -%}
    {{- return(built[0] | int) -}}
{%- endmacro %}


{# The day as of which a log was last written, yyyy-mm-dd: what has passed since then may change what follows from a date. None: not known,
   and then no table takes anything for built. #}
{% macro changes_known_to(log) -%}
    {%- set builds = ref('crm_segmentation', 'base_raw__builds') -%}
    {%- if not execute or not is_incremental() -%}{{- return(none) -}}{%- endif -%}
    {%- set found = run_query(
        "select as_of_date from " ~ builds ~ " where model_name = '" ~ log ~ "' order by built_at desc, built_to desc"
    ).rows -%}
    {{- return((found[0][0] | string)[:10] if found else none) -}}
{%- endmacro %}


{# The condition that a row is to be built again. key: SQL of its key, where the columns of the table do not tell it. #}
{% macro is_changed(log, key=none) -%}
    {%- if execute and not is_incremental() -%}{{- return('1 = 1') -}}{%- endif -%}
    {#- Named while dbt reads the project too, so that both are there before. -#}
    {%- set log_relation, builds = ref('crm_segmentation', log), ref('crm_segmentation', 'base_raw__builds') -%}
    {%- set column, key_of_row = crm_segmentation.key_of_log(log) -%}
    {{- return(
        (key or key_of_row) ~ ' in (select ' ~ column ~ ' from ' ~ log_relation ~ ' where change_number > ' ~ crm_segmentation.built_to(log) ~ ')'
    ) -}}
{%- endmacro %}


{# Pre-hook of a table that a run changes in part: what is to be built again goes. #}
{% macro delete_changed(log) -%}
    {%- if is_incremental() -%}
        {%- set column, key = crm_segmentation.key_of_log(log) -%}
        merge into {{ this }} as built
        using (
            select distinct {{ column }} as changed_key
            from {{ ref('crm_segmentation', log) }}
            where change_number > {{ crm_segmentation.built_to(log) }}
        ) as changed_keys
            on {{ crm_segmentation.engine_types(key) }} = changed_keys.changed_key
        when matched then delete
    {%- endif -%}
{%- endmacro %}


{# Post-hook of such a table, and of a log that asks since when days have passed: it now stands at the last change of its log, or where a table
   that it reads stands, if somebody has built it without that one. #}
{% macro note_build(log) -%}
    {%- set builds = ref('crm_segmentation', 'base_raw__builds') -%}
    {%- set log_relation = this if model.name == log else ref('crm_segmentation', log) -%}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set reached = [run_query('select coalesce(max(change_number), 0) as change_number from ' ~ log_relation).rows[0][0] | int] -%}
    {%- for table in crm_segmentation.tables_read_on(log, model.depends_on.nodes) -%}
        {%- set found = run_query(
            "select built_to, as_of_date, definitions from " ~ builds ~ " where model_name = '" ~ table ~ "' and log_name = '" ~ log
            ~ "' order by built_at desc, built_to desc"
        ).rows -%}
        {%- set is_sound = found and (found[0][1] | string)[:10] <= crm_segmentation.as_of_day() and found[0][2] == crm_segmentation.definitions_hash() -%}
        {%- do reached.append(found[0][0] | int if is_sound else 0) -%}
    {%- endfor -%}
    insert into {{ builds }} (model_name, log_name, built_to, as_of_date, definitions, built_at)
    select
        '{{ model.name }}',
        '{{ log }}',
        {{ reached | min }},
        {{ crm_segmentation.as_of_date() }},
        '{{ crm_segmentation.definitions_hash() }}',
        {{ crm_segmentation.engine_types("cast('" ~ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') ~ "' as timestamp)") }}
{%- endmacro %}


{# The tables on the same log that are read, by themselves or through views. parents: ids of what is read. #}
{% macro tables_read_on(log, parents) -%}
    {%- set found = [] -%}
    {%- for parent in parents if parent in graph.nodes -%}
        {%- set node = graph.nodes[parent] -%}
        {%- if node.config.materialized == 'view' -%}
            {%- do found.extend(crm_segmentation.tables_read_on(log, node.depends_on.nodes)) -%}
        {%- elif crm_segmentation.log_behind(node) == log -%}
            {%- do found.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found | unique | list) -}}
{%- endmacro %}


{# What the tables that a run changes in part were built by: the files of this project and its variables, as one hash. What decides later
   than they are built, or by which day, is no part of it. #}
{% macro definitions_hash() -%}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set parts = [] -%}
    {%- for node in graph.nodes.values() if node.package_name == 'crm_segmentation' and node.resource_type in ['model', 'seed'] -%}
        {%- do parts.append(node.name ~ node.checksum.checksum) if not node.path.startswith('raw') -%}
    {%- endfor -%}
    {%- for name in crm_segmentation.variable_rules() if name not in ['as_of_date', 'segments', 'disabled_segments', 'suppressions', 'experiments'] -%}
        {%- do parts.append(name ~ var(name, '')) -%}
    {%- endfor -%}
    {{- return(local_md5(parts | sort | join(' '))) -}}
{%- endmacro %}


{# Post-hook of base_raw__builds: of each table and log the newest entry stays. Says so where none of them holds any more. #}
{% macro forget_former_builds() -%}
    {%- if is_incremental() -%}
        {%- set definitions = run_query('select definitions from ' ~ this ~ ' order by built_at desc').columns[0].values() | list -%}
        {%- if definitions and crm_segmentation.definitions_hash() not in definitions -%}
            {%- do log('A model, a seed or a variable of this project is not what it was in the last run, so orders and what follows from them are built whole this once.', info=true) -%}
        {%- endif -%}
        merge into {{ this }} as builds
        using (
            select
                model_name,
                log_name,
                max(built_at) as built_at
            from {{ this }}
            group by model_name, log_name
            having count(*) > 1
        ) as newest
            on
                builds.model_name = newest.model_name
                and builds.log_name = newest.log_name
                and builds.built_at < newest.built_at
        when matched then delete
    {%- endif -%}
{%- endmacro %}
