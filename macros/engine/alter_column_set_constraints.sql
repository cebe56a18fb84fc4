{# Replaces the macro with which dbt makes columns of a Delta table not null: Delta Lake refuses that of a table that is
   there already, but takes a check. One for all columns, because each costs a pass over the table. #}
{% macro spark__alter_column_set_constraints(relation, column_dict) %}
    {%- set conditions = [] -%}
    {%- for column in column_dict.values() -%}
        {%- for constraint in column.constraints if constraint.type == 'not_null' -%}
            {%- do conditions.append(column.name ~ ' is not null') -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if conditions -%}
        {% call statement('required_columns') -%}
            alter table {{ relation }} add constraint required_columns check ({{ conditions | join(' and ') }})
        {%- endcall %}
    {%- endif -%}
{% endmacro %}
