{# One whole number by another, down to the whole number below. Neither is negative, and the result fits a bigint. #}
{% macro whole_part(numerator, denominator) -%}
    {{ return(adapter.dispatch('whole_part', 'crm_segmentation')(numerator, denominator)) }}
{%- endmacro %}


{% macro default__whole_part(numerator, denominator) -%}
    cast((({{ numerator }}) - ({{ numerator }}) % ({{ denominator }})) / ({{ denominator }}) as bigint)
{%- endmacro %}


{# A bare slash divides through binary numbers here, two slashes do where one side is a decimal, and decimals have no remainder of more
   than 18 digits. #}
{% macro duckdb__whole_part(numerator, denominator) -%}
    cast(cast({{ numerator }} as hugeint) // cast({{ denominator }} as hugeint) as bigint)
{%- endmacro %}


{% macro bigquery__whole_part(numerator, denominator) -%}
    cast(div({{ numerator }}, {{ denominator }}) as bigint)
{%- endmacro %}
