{# Replaces the macro with which dbt makes the empty table that a contract is compared with: Spark knows SQL's name of
   a binary float by its first word only. #}
{% macro spark__cast(field, type) -%}
    cast({{ field }} as {{ 'double' if type == 'double precision' else type }})
{%- endmacro %}
