{# Replace the macro with which dbt empties a seed that is there. It keeps the columns of the version that made the table, so that a
   seed with a column more cannot be filled until somebody asks for a full refresh. Views of PostgreSQL hang on their tables
   and go with them: there, and on Snowflake, a table is made anew only when its columns are others. #}
{% macro duckdb__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {{- return(dbt.default__reset_csv_table(model, true, old_relation, agate_table)) -}}
{% endmacro %}


{% macro postgres__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {%- set columns = adapter.get_columns_in_relation(old_relation) | map(attribute='name') | map('lower') | list -%}
    {%- set is_changed = columns != agate_table.column_names | map('lower') | list -%}
    {{- return(dbt.default__reset_csv_table(model, full_refresh or is_changed, old_relation, agate_table)) -}}
{% endmacro %}


{% macro snowflake__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {{- return(crm_segmentation.postgres__reset_csv_table(model, full_refresh, old_relation, agate_table)) -}}
{% endmacro %}


{% macro bigquery__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {{- return(crm_segmentation.bigquery__create_csv_table(model, agate_table)) -}}
{% endmacro %}
