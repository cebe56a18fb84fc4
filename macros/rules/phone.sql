{# The first of some readings of a phone number whose first digit and length stand among the shapes of the
   numbering plan, written |2:9|3:9|. Null when none does. #}
{% macro first_viable_number(readings, number_shapes) -%}
    case
        {%- for reading in readings %}
        when position('|' || substr({{ reading }}, 1, 1) || ':' || length({{ reading }}) || '|' in {{ number_shapes }}) > 0
            then {{ reading }}
        {%- endfor %}
    end
{%- endmacro %}
