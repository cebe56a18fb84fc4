{% macro value_at_lowest(value, rank) -%}
    {{ return(adapter.dispatch('value_at_lowest', 'crm_segmentation')(value, rank)) }}
{%- endmacro %}


{% macro default__value_at_lowest(value, rank) -%}
    min_by({{ value }}, case when {{ value }} is not null then {{ rank }} end)
{%- endmacro %}


{# arg_min passes over rows whose value is null. #}
{% macro duckdb__value_at_lowest(value, rank) -%}
    arg_min({{ value }}, {{ rank }})
{%- endmacro %}


{% macro postgres__value_at_lowest(value, rank) -%}
    (array_agg({{ value }} order by {{ rank }}) filter (where {{ value }} is not null))[1]
{%- endmacro %}
