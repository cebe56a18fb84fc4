{% macro ordered_sum(number) -%}
    {{ return(adapter.dispatch('ordered_sum', 'crm_segmentation')(number)) }}
{%- endmacro %}


{% macro default__ordered_sum(number) -%}
    sum({{ number }} order by {{ number }})
{%- endmacro %}


{# DuckDB leaves out the order of a plain sum. #}
{% macro duckdb__ordered_sum(number) -%}
    list_sum(list_sort(list({{ number }})))
{%- endmacro %}


{% macro spark__ordered_sum(number) -%}
    aggregate(array_sort(collect_list({{ number }})), 0D, (total, added) -> total + added)
{%- endmacro %}


{% macro snowflake__ordered_sum(number) -%}
    cast(reduce(
        array_agg({{ number }}) within group (order by {{ number }}), cast(0 as double precision), (total, added) -> total + added
    ) as double precision)
{%- endmacro %}


{% macro trino__ordered_sum(number) -%}
    reduce(
        array_sort(array_agg({{ number }}) filter (where {{ number }} is not null)), cast(0 as double), (total, added) -> total + added, total -> total
    )
{%- endmacro %}


{# Within a subquery, because a sum takes no order there. #}
{% macro bigquery__ordered_sum(number) -%}
    (select sum(term) from unnest(array_agg({{ number }} ignore nulls order by {{ number }})) as term)
{%- endmacro %}
