{# The unit separator stands between the parts, so that (a, bc) and (ab, c) differ. #}
{% macro hashed_key(columns) -%}
    md5({% for column in columns %}cast({{ column }} as {{ dbt.type_string() }}){{ " || chr(31) || " if not loop.last }}{% endfor %})
{%- endmacro %}
