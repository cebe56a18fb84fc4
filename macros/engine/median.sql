{# Aggregate: the middle of some whole numbers, or half way between the two in the middle; null where there are none. #}
{% macro median(number) -%}
    {{ return(adapter.dispatch('median', 'crm_segmentation')(number)) }}
{%- endmacro %}


{% macro default__median(number) -%}
    percentile_cont(0.5) within group (order by {{ number }} asc)
{%- endmacro %}


{# Its own percentiles are approximate. Of an even number of values the two in the middle are added, of an odd one the middle twice. #}
{% macro trino__median(number) -%}
    {%- set sorted = 'array_sort(array_agg(' ~ number ~ ') filter (where ' ~ number ~ ' is not null))' -%}
    {%- set count = 'count(' ~ number ~ ')' -%}
    (cast({{ sorted }}[({{ count }} + 1) / 2] + {{ sorted }}[{{ count }} / 2 + 1] as double) / 2)
{%- endmacro %}


{# Its exact percentiles are window functions. Of an even number of values the two in the middle are added, of an odd one the middle
   twice. #}
{% macro bigquery__median(number) -%}
    {%- set sorted = 'array_agg(' ~ number ~ ' ignore nulls order by ' ~ number ~ ')' -%}
    {%- set count = 'count(' ~ number ~ ')' -%}
    (({{ sorted }}[safe_offset(div({{ count }} - 1, 2))] + {{ sorted }}[safe_offset(div({{ count }}, 2))]) / 2)
{%- endmacro %}
