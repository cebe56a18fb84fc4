{# A code as a reader takes it: began with a capital, and spaces for underscores. #}
{% macro in_words(code) -%}
    upper(substr({{ code }}, 1, 1)) || replace(substr({{ code }}, 2), '_', ' ')
{%- endmacro %}
