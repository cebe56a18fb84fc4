{# Tables that a run changes in part. A log of changed keys (base_commerce__changed_orders,
   int_orders__changed_contacts) has one row per key: how many facts there are, the sum of their fingerprints, and the
   number of the change that was the last. A table that stands on a log rebuilds the keys whose last change has a
   higher number than the one it was built up to, by base_raw__builds. Nothing else decides, so that a run which was
   stopped, or built a part, is made good by the next. #}


{# The keys of a log whose facts are not what they were, as the common table expression changes. facts: one with the
   key and a fingerprint. also: one of keys that count as changed in any case. #}
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


{# Post-hook of a table that entries are added to: of each key the newest stays. keys: columns of the key. number:
   column that is highest in the newest. #}
{% macro forget_former_entries(keys, number) -%}
    {%- if is_incremental() -%}
        merge into {{ this }} as entries
        using (
            select
                {{ keys | join(', ') }},
                max({{ number }}) as {{ number }}
            from {{ this }}
            group by {{ keys | join(', ') }}
            having count(*) > 1
        ) as newest
            on
                {%- for key in keys %}
                entries.{{ key }} = newest.{{ key }} and
                {%- endfor %}
                entries.{{ number }} < newest.{{ number }}
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


{# Replaces the macro by which dbt decides whether a table is built whole. Such a table is, where nobody asked for it,
   when it was built as of a later day or by other definitions, or the log has begun anew since. #}
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


{# What base_raw__builds has last noted of a table and a log: how far it was built, as of which day and by which
   definitions; none where nothing. #}
{% macro newest_build(table, log) -%}
    {%- set builds = crm_segmentation.stored_relation('base_raw__builds') -%}
    {%- set found = run_query(
        "select built_to, as_of_date, definitions from " ~ builds ~ " where model_name = '" ~ table ~ "' and log_name = '" ~ log
        ~ "' order by built_at desc, built_to desc"
    ).rows if builds is not none else [] -%}
    {{- return({'to': found[0][0] | int, 'day': (found[0][1] | string)[:10], 'definitions': found[0][2]} if found else none) -}}
{%- endmacro %}


{# Up to which change of a log a table has been built. None: what it holds is of no use, because nothing is noted of
   it, or it was built as of a later day or by other definitions. #}
{% macro reached_by(table, log) -%}
    {%- set build = crm_segmentation.newest_build(table, log) -%}
    {%- if build is none or build.day > crm_segmentation.as_of_day() or build.definitions != crm_segmentation.definitions_hash() -%}
        {{- return(none) -}}
    {%- endif -%}
    {{- return(build.to) -}}
{%- endmacro %}


{# The same of the table that is being built, and none as well where the log has begun anew since. #}
{% macro built_to(log) -%}
    {%- set reached = crm_segmentation.reached_by(model.name, log) -%}
    {%- if reached is none -%}{{- return(none) -}}{%- endif -%}
    {%- set first_change = run_query('select min(change_number) as first_change from ' ~ ref('crm_segmentation', log)).rows[0][0] or 0 -%}
    {{- return(reached if reached >= first_change else none) -}}
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


{# Post-hook of such a table, and of a log that asks since when days have passed: it now stands at the last change of
   its log, or where a table that it reads stands, if somebody has built it without that one. #}
{% macro note_build(log) -%}
    {%- set builds = ref('crm_segmentation', 'base_raw__builds') -%}
    {%- set log_relation = this if model.name == log else ref('crm_segmentation', log) -%}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set reached = [run_query('select coalesce(max(change_number), 0) as change_number from ' ~ log_relation).rows[0][0] | int] -%}
    {%- for table in crm_segmentation.tables_read_on(log, model.depends_on.nodes) -%}
        {%- do reached.append(crm_segmentation.reached_by(table, log) or 0) -%}
    {%- endfor -%}
    insert into {{ builds.render() }} (model_name, log_name, built_to, as_of_date, definitions, built_at)
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


{# What the tables that a run changes in part were built by: the files of this project and its variables, as one hash.
   What decides later than they are built, or by which day, is no part of it. #}
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


{# Hook of base_raw__builds: says that all is built whole where no entry is by the definitions of this run. #}
{% macro tell_of_other_definitions() -%}
    {%- set known = run_query('select distinct definitions from ' ~ this).columns[0].values() | list if is_incremental() else [] -%}
    {%- if known and crm_segmentation.definitions_hash() not in known -%}
        {%- do log(
            'A model, a seed or a variable of this project is not what it was in the last run, so orders and what follows from them'
            ~ ' are built whole this once.',
            info=true
        ) -%}
    {%- endif -%}
{%- endmacro %}
