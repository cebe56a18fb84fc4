{# On-run-start of a run that builds: only one at a time builds into the same tables. A second one stops here and says who is at it. #}
{% macro take_run_lock() -%}
    {%- if execute and crm_segmentation.is_building_run() -%}
        {%- do adapter.dispatch('take_run_lock', 'crm_segmentation')() -%}
    {%- endif -%}
{%- endmacro %}


{# Engines that cannot tell whether somebody is still at work: one row of a table, changed by one update that one run wins. A lock
   older than run_lock_timeout_minutes is taken over. #}
{% macro default__take_run_lock() -%}
    {%- set lock = crm_segmentation.run_lock_table() -%}
    {%- if crm_segmentation.is_run_lock_to_be_made(lock) -%}
        {%- do crm_segmentation.run_and_commit(
            'create table ' ~ lock ~ adapter.dispatch('run_lock_format', 'crm_segmentation')() ~ " as select cast('' as " ~ dbt.type_string()
            ~ ") as invocation_id, cast('' as " ~ dbt.type_string() ~ ") as target_name, cast('' as " ~ dbt.type_string() ~ ") as taken_at"
        ) -%}
    {%- endif -%}
    {%- set now = modules.datetime.datetime.now(modules.pytz.utc) -%}
    {%- set oldest = (now - modules.datetime.timedelta(minutes=var('run_lock_timeout_minutes'))).strftime('%Y-%m-%d %H:%M:%S') -%}
    {%- set select_holder = 'select invocation_id, target_name, taken_at from ' ~ lock -%}
    {%- set before = crm_segmentation.named_rows(run_query(select_holder))[0] -%}
    {%- do crm_segmentation.run_and_commit(
        'update ' ~ lock ~ " set invocation_id = '" ~ invocation_id ~ "', target_name = '" ~ dbt.escape_single_quotes(target.name)
        ~ "', taken_at = '" ~ now.strftime('%Y-%m-%d %H:%M:%S') ~ "' where taken_at < '" ~ oldest ~ "'"
    ) -%}
    {%- set holder = crm_segmentation.named_rows(run_query(select_holder))[0] -%}
    {%- if holder.invocation_id != invocation_id -%}
        {%- do crm_segmentation.stop_for_another_run(holder) -%}
    {%- elif before.taken_at -%}
        {%- do crm_segmentation.tell_takeover(before, 'it is older than run_lock_timeout_minutes') -%}
    {%- endif -%}
{%- endmacro %}


{# Whether the table is missing. Its schema is made where this run builds nothing in it. #}
{% macro is_run_lock_to_be_made(lock) -%}
    {%- if adapter.get_relation(lock.database, lock.schema, lock.identifier) is not none -%}{{- return(false) -}}{%- endif -%}
    {%- do adapter.create_schema(lock) if not adapter.check_schema_exists(lock.database, lock.schema) -%}
    {{- return(true) -}}
{%- endmacro %}


{# In a transaction of its own, where the engine has any. #}
{% macro run_and_commit(sql) -%}
    {%- call statement('run_lock') -%}
        {{ sql }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
{%- endmacro %}


{# One process alone can open a DuckDB file for writing, so a second run has stopped before it comes here. #}
{% macro duckdb__take_run_lock() -%}
    {%- do crm_segmentation.default__take_run_lock() if crm_segmentation.has_many_writers() -%}
{%- endmacro %}


{# Whether what DuckDB writes to is no file of its own: a DuckLake or MotherDuck. #}
{% macro has_many_writers() -%}
    {{- return(crm_segmentation.is_lake() or adapter.is_motherduck()) -}}
{%- endmacro %}


{# Redshift takes the macros of PostgreSQL, but has no advisory locks. #}
{% macro redshift__take_run_lock() -%}
    {%- do crm_segmentation.default__take_run_lock() -%}
{%- endmacro %}


{# dbt closes its connection after each hook and each node, and with it a lock of the session. So the row says who builds, and each
   node holds a lock of its transaction, which the server lets go when whoever built is gone. A run is alive while one of its
   nodes is at work, or has just ended; one that is neither for run_lock_silence_seconds is dead. #}
{% macro postgres__take_run_lock() -%}
    {%- set lock = crm_segmentation.run_lock_table() -%}
    {%- if crm_segmentation.is_run_lock_to_be_made(lock) -%}
        {%- do run_query(
            'begin; select pg_advisory_xact_lock(' ~ crm_segmentation.run_lock_key() ~ '); create table if not exists ' ~ lock
            ~ ' (invocation_id text not null, target_name text not null, taken_at timestamptz not null, seen_at timestamptz not null); commit'
        ) -%}
    {%- endif -%}
    {%- set watch = namespace(first=none, busy_looks=0, is_over=false) -%}
    {#- Every half second until it is known; as often as it takes the longest silence to pass, and some more. -#}
    {%- for look in range(2 * var('run_lock_silence_seconds') + 60) if not watch.is_over -%}
        {%- set seen = crm_segmentation.look_at_run_lock(lock) -%}
        {%- set holder = seen.holder -%}
        {%- set watch.first = holder if watch.first is none else watch.first -%}
        {%- set watch.busy_looks = watch.busy_looks + (1 if seen.is_busy else 0) -%}
        {%- set is_moving = holder.seen_at and holder.seen_at != watch.first.seen_at -%}
        {%- set is_silent = not holder.invocation_id or holder.silent_seconds >= var('run_lock_silence_seconds') -%}
        {%- if is_silent and not seen.is_busy -%}
            {%- do run_query(
                'delete from ' ~ lock ~ '; insert into ' ~ lock ~ " values ('" ~ invocation_id ~ "', '"
                ~ dbt.escape_single_quotes(target.name) ~ "', clock_timestamp(), clock_timestamp()); commit"
            ) -%}
            {%- if holder.invocation_id -%}
                {%- do crm_segmentation.tell_takeover(holder, 'it has shown no sign of life for ' ~ holder.silent_seconds ~ ' seconds') -%}
            {%- endif -%}
            {%- set watch.is_over = true -%}
        {%- elif is_moving or watch.busy_looks > 6 -%}
            {#- What a client that was killed had asked for goes on for a second or two, so one look would not do. -#}
            {%- do run_query('commit') -%}
            {%- do crm_segmentation.stop_for_another_run(holder) -%}
        {%- else -%}
            {%- do run_query('commit; select pg_sleep(0.5)') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not watch.is_over -%}
        {%- do crm_segmentation.stop_for_another_run(watch.first) -%}
    {%- endif -%}
{%- endmacro %}


{# Who holds the lock, and whether a node of any run is at work. Opens a transaction, in which no node can begin where none is at
   work: the caller ends it. Tests have no hooks, and models of a host have none of ours: their statements are looked for. #}
{% macro look_at_run_lock(lock) -%}
    {%- set is_still = run_query('begin; select pg_try_advisory_xact_lock(' ~ crm_segmentation.run_lock_key() ~ ') as is_still').rows[0].is_still -%}
    {%- set packages = graph.nodes.values() | map(attribute='package_name') | unique | sort | join('|') -%}
    {%- set holder = run_query(
        "select holder.invocation_id, holder.target_name, cast(holder.seen_at as text) as seen_at,"
        ~ " to_char(holder.taken_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as taken_at,"
        ~ " cast(floor(extract(epoch from clock_timestamp() - holder.seen_at)) as integer) as silent_seconds,"
        ~ " exists (select 1 from pg_catalog.pg_stat_activity where state = 'active' and datname = current_database()"
        ~ " and query ~ '^/\\* \\{[^}]*\"node_id\": \"(model|seed|snapshot|test|unit_test)\\.(" ~ packages ~ ")\\.') as has_statement"
        ~ " from (select 1 as one) as always left join " ~ lock ~ " as holder on true"
    ).rows[0] -%}
    {{- return({'holder': holder, 'is_busy': not is_still or (holder.invocation_id and holder.has_statement)}) -}}
{%- endmacro %}


{# Pre-hook of every node: the node says that it is at work, and stops where another run has taken over meanwhile. #}
{% macro check_run_lock() -%}
    {%- if execute and crm_segmentation.is_locked_command() -%}
        {%- do adapter.dispatch('check_run_lock', 'crm_segmentation')() -%}
    {%- endif -%}
{%- endmacro %}


{# A statement more for every node would cost more there than the lock is worth. #}
{% macro default__check_run_lock() -%}
{%- endmacro %}


{% macro redshift__check_run_lock() -%}
{%- endmacro %}


{# The server looks every second whether the client is still there: else what a killed run had asked for would go on to its end. #}
{% macro postgres__check_run_lock() -%}
    {%- call statement('run_lock', fetch_result=true) -%}
        select pg_advisory_xact_lock_shared({{ crm_segmentation.run_lock_key() }});
        select set_config('client_connection_check_interval', '1s', true)
        where version() like '%linux%' and current_setting('client_connection_check_interval', true) is not null;
        select invocation_id, target_name, to_char(taken_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as taken_at
        from {{ crm_segmentation.run_lock_table() }}
    {%- endcall -%}
    {%- set holders = load_result('run_lock').table.rows -%}
    {%- if holders | length == 0 or holders[0].invocation_id != invocation_id -%}
        {%- do crm_segmentation.stop_without_run_lock(holders) -%}
    {%- endif -%}
{%- endmacro %}


{# Part of the post-hook of every node: when the run last was at work. Where another node is just writing that, it need not. #}
{% macro refresh_run_lock() -%}
    {%- if execute and crm_segmentation.is_locked_command() -%}
        {{- adapter.dispatch('refresh_run_lock', 'crm_segmentation')() -}}
    {%- endif -%}
{%- endmacro %}


{% macro default__refresh_run_lock() -%}
{%- endmacro %}


{% macro redshift__refresh_run_lock() -%}
{%- endmacro %}


{% macro postgres__refresh_run_lock() -%}
    {%- set lock = crm_segmentation.run_lock_table() %}
    update {{ lock }} set seen_at = clock_timestamp()
    where ctid = (select ctid from {{ lock }} where invocation_id = '{{ invocation_id }}' for update skip locked);
{%- endmacro %}


{# On-run-end, and before a check that stops the run: gives the lock back where this run holds it. #}
{% macro give_back_run_lock() -%}
    {%- if execute and crm_segmentation.is_building_run() -%}
        {%- do adapter.dispatch('free_run_lock', 'crm_segmentation')(invocation_id) -%}
    {%- endif -%}
{%- endmacro %}


{# dbt run-operation release_run_lock: takes the lock from a run that is known to be dead. A run that still lives stops before its
   next model on PostgreSQL. #}
{% macro release_run_lock() -%}
    {%- if execute -%}
        {%- set lock = crm_segmentation.run_lock_table() -%}
        {%- set found = adapter.get_relation(lock.database, lock.schema, lock.identifier) -%}
        {%- set holders = crm_segmentation.named_rows(run_query('select invocation_id, target_name, taken_at from ' ~ lock)) if found is not none else [] -%}
        {%- set holder = holders[0] if holders | length > 0 and holders[0].invocation_id else none -%}
        {%- if holder is none -%}
            {%- do log("No run holds the lock.", info=true) -%}
        {%- else -%}
            {%- do adapter.dispatch('free_run_lock', 'crm_segmentation')(holder.invocation_id) -%}
            {%- do log("Released the lock of " ~ crm_segmentation.described_run(holder) ~ ".", info=true) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{% macro default__free_run_lock(holder_id) -%}
    {%- do crm_segmentation.run_and_commit(
        'update ' ~ crm_segmentation.run_lock_table() ~ " set invocation_id = '', target_name = '', taken_at = '' where invocation_id = '" ~ holder_id ~ "'"
    ) -%}
{%- endmacro %}


{% macro duckdb__free_run_lock(holder_id) -%}
    {%- do crm_segmentation.default__free_run_lock(holder_id) if crm_segmentation.has_many_writers() -%}
{%- endmacro %}


{% macro redshift__free_run_lock(holder_id) -%}
    {%- do crm_segmentation.default__free_run_lock(holder_id) -%}
{%- endmacro %}


{% macro postgres__free_run_lock(holder_id) -%}
    {%- do run_query('begin; delete from ' ~ crm_segmentation.run_lock_table() ~ " where invocation_id = '" ~ holder_id ~ "'; commit") -%}
{%- endmacro %}


{# What stands between the name of the table and its rows when it is made. #}
{% macro default__run_lock_format() -%}
{%- endmacro %}


{# Plain files cannot be updated. #}
{% macro spark__run_lock_format() %} using delta{% endmacro %}
