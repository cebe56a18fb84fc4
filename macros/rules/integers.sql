{# The whole numbers from first to last as rows of one column, number. #}
{% macro integers(first, last) -%}
    {%- for number in range(first, last + 1) -%}
    select {{ number }} as number
    {%- if not loop.last %}
    union all
    {% endif -%}
    {%- endfor -%}
{%- endmacro %}
