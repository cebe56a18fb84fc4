{# On-run-end of a run that builds, while it still holds its lock: older snapshots of a lake would show whoever was erased since. #}
{% macro expire_snapshots() -%}
    {%- if execute and crm_segmentation.is_building_run() -%}
        {%- do adapter.dispatch('expire_snapshots', 'crm_segmentation')(var('lake_snapshot_days')) -%}
    {%- endif -%}
{%- endmacro %}


{# Other engines keep no snapshots that a build could let go: docs/privacy.md. #}
{% macro default__expire_snapshots(kept_days) -%}
{%- endmacro %}


{# A deleted row stays in its Parquet file, beside a note that it is deleted, until the file is written anew; rows of small tables stay
   in the catalogue. Files that no snapshot knows are those of runs that were killed, or of somebody who is just writing one: hence a day. #}
{% macro duckdb__expire_snapshots(kept_days) -%}
    {%- if crm_segmentation.is_lake() -%}
        {%- set lake = "'" ~ target.database ~ "'" -%}
        {%- for step in [
            'ducklake_flush_inlined_data(' ~ lake ~ ')',
            'ducklake_rewrite_data_files(' ~ lake ~ ', delete_threshold => 0)',
            'ducklake_merge_adjacent_files(' ~ lake ~ ')',
            'ducklake_expire_snapshots(' ~ lake ~ ", older_than => now() - interval '" ~ kept_days ~ " days')",
            'ducklake_cleanup_old_files(' ~ lake ~ ', cleanup_all => true)',
            'ducklake_delete_orphaned_files(' ~ lake ~ ", older_than => now() - interval '1 day')"
        ] -%}
            {%- do adapter.add_query('call ' ~ step, auto_begin=False) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
