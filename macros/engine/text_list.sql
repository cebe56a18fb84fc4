{% macro text_list(text) -%}
    {{ return(adapter.dispatch('text_list', 'crm_segmentation')(text)) }}
{%- endmacro %}


{% macro default__text_list(text) -%}
    ('|' || string_agg(distinct {{ text }}, '|' order by {{ text }}) || '|')
{%- endmacro %}


{# A third of what DuckDB takes to aggregate distinct texts in order. #}
{% macro duckdb__text_list(text) -%}
    ('|' || array_to_string(list_sort(list_distinct(list({{ text }}) filter ({{ text }} is not null))), '|') || '|')
{%- endmacro %}


{# By code point, whatever the database's own collation. #}
{% macro postgres__text_list(text) -%}
    ('|' || string_agg(distinct {{ text }} collate "C", '|' order by {{ text }} collate "C") || '|')
{%- endmacro %}


{% macro spark__text_list(text) -%}
    case when count({{ text }}) > 0 then '|' || array_join(sort_array(collect_set({{ text }})), '|') || '|' end
{%- endmacro %}


{# listagg makes an empty text of nothing. #}
{% macro snowflake__text_list(text) -%}
    case when count({{ text }}) > 0 then '|' || listagg(distinct {{ text }}, '|') within group (order by {{ text }}) || '|' end
{%- endmacro %}


{% macro trino__text_list(text) -%}
    ('|' || array_join(array_sort(array_agg(distinct {{ text }}) filter (where {{ text }} is not null)), '|') || '|')
{%- endmacro %}
