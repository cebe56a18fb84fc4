{# After a table is built: indexes on what BI tools and audiences look up by, and statistics for what reads it next. #}
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
        analyze {{ this }};
    {%- endif -%}
{%- endmacro %}
