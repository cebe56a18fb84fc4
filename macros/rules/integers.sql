{# The whole numbers from first to last as rows of one column, number. #}
{% macro integers(first, last) -%}
    {%- for number in range(first, last + 1) -%}
    select {{ number }} as number
    {%- if not loop.last %}
    union all
    {% endif -%}
    {%- endfor -%}
{%- endmacro %}


{# A whole number by another, down to the whole number below. Neither is negative. Engines mean different things by a bare sign. #}
{% macro whole_part(numerator, denominator) -%}
    cast((({{ numerator }}) - ({{ numerator }}) % ({{ denominator }})) / ({{ denominator }}) as bigint)
{%- endmacro %}
