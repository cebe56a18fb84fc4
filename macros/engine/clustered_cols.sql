{# Replaces the macro with which dbt says how a table lies on Spark's disks: public Delta tables lie by what they are
   looked up by, as tune_table gives them an index elsewhere. Optimising a table puts its rows in that order. #}
{% macro spark__clustered_cols(label, required=false) %}
    {%- set keys = [] -%}
    {%- for column in ['contact_id', 'record_id', 'order_id'] if column in model.columns -%}
        {%- do keys.append(column) -%}
    {%- endfor -%}
    {%- if keys and model.access == 'public' and config.get('file_format') == 'delta' and config.get('materialized') in ['table', 'incremental'] %}
        cluster by ({{ keys[0] }})
    {%- endif -%}
{% endmacro %}
