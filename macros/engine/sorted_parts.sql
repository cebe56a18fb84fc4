{# The parts of a text between separators, in the order of their code points, with the separator between them again. #}
{% macro sorted_parts(text, separator) -%}
    {{ return(adapter.dispatch('sorted_parts', 'crm_segmentation')(text, separator)) }}
{%- endmacro %}


{% macro default__sorted_parts(text, separator) -%}
    array_join(array_sort(split({{ text }}, '{{ separator }}')), '{{ separator }}')
{%- endmacro %}


{% macro duckdb__sorted_parts(text, separator) -%}
    array_to_string(list_sort(string_split({{ text }}, '{{ separator }}')), '{{ separator }}')
{%- endmacro %}


{% macro postgres__sorted_parts(text, separator) -%}
    (
        select string_agg(parts.part, '{{ separator }}' order by parts.part collate "C")
        from unnest(string_to_array({{ text }}, '{{ separator }}')) as parts (part)
    )
{%- endmacro %}


{% macro snowflake__sorted_parts(text, separator) -%}
    array_to_string(array_sort(split({{ text }}, '{{ separator }}')), '{{ separator }}')
{%- endmacro %}


{% macro bigquery__sorted_parts(text, separator) -%}
    array_to_string(array(select part from unnest(split({{ text }}, '{{ separator }}')) as part order by part), '{{ separator }}')
{%- endmacro %}
