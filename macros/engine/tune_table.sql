{# After a table is built: indexes on what BI tools and audiences look up by, statistics for what reads it next, and a guard of the
   key of what is remembered. #}
{% macro tune_table() -%}
    {{ return(adapter.dispatch('tune_table', 'crm_segmentation')()) }}
{%- endmacro %}


{# Engines that store columns find rows without an index and count them while they write. #}
{% macro default__tune_table() -%}
{%- endmacro %}


{# A table that is added to keeps its indexes, so they have a name by which the next run finds them. #}
{% macro postgres__tune_table() -%}
    {%- if model.config.materialized != 'view' -%}
        {%- for column in ['contact_id', 'record_id', 'order_id', 'source_product_id', 'segment_name', 'email'] if column in model.columns %}
            {%- set index_name = 'if not exists "' ~ local_md5(this.identifier ~ '.' ~ column) ~ '"' if model.config.materialized == 'incremental' %}
            create index {{ index_name }} on {{ this }} ({{ column }});
        {%- endfor %}
        {%- if execute and model.config.materialized == 'incremental' and model.config.unique_key %}
            {{ crm_segmentation.postgres__key_index(model.config.unique_key) }}
        {%- endif %}
        analyze {{ this }};
    {%- endif -%}
{%- endmacro %}


{# A key cannot stand twice in a table that is added to, whoever adds to it. Texts by their hash: a long one fits into no index. #}
{% macro postgres__key_index(key) -%}
    {%- set key = [key] if key is string else key -%}
    {%- set name = local_md5(this.identifier ~ '.unique_key') -%}
    {%- set parts = [] -%}
    {%- for column in adapter.get_columns_in_relation(this) if column.name in key -%}
        {%- do parts.append('md5(' ~ column.name ~ ')' if column.is_string() else column.name) -%}
    {%- endfor -%}
    {%- if should_full_refresh() -%}
        {#- That of the table which is about to be dropped. -#}
        drop index if exists "{{ this.schema }}"."{{ name }}";
    {%- endif %}
    create unique index if not exists "{{ name }}" on {{ this }} ({{ parts | join(', ') }});
{%- endmacro %}
