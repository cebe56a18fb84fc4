{# Aggregate: the values of rank 1, 2 and 3 in that order, as |a|b|c|. Null when there is none. #}
{% macro first_three(value, rank) -%}
    '|' || max(case when {{ rank }} = 1 then {{ value }} end)
    || coalesce('|' || max(case when {{ rank }} = 2 then {{ value }} end), '')
    || coalesce('|' || max(case when {{ rank }} = 3 then {{ value }} end), '') || '|'
{%- endmacro %}
