{# Replaces the macro with which dbt compares a contract with what a model selects. dbt's own plans the whole model for
   that; to describe it costs Spark a tenth, and tells the digits of a decimal too. #}
{% macro spark__get_assert_columns_equivalent(sql) %}
    {%- if not model.columns -%}
        {{- exceptions.raise_contract_error([], []) -}}
    {%- endif -%}
    {%- set selected = crm_segmentation.described_columns(sql) -%}
    {%- set promised = crm_segmentation.described_columns(get_empty_schema_sql(model.columns)) -%}
    {%- if selected | sort(attribute='formatted') != promised | sort(attribute='formatted') -%}
        {{- exceptions.raise_contract_error(promised, selected) -}}
    {%- endif -%}
{% endmacro %}


{% macro described_columns(sql) %}
    {%- set columns = [] -%}
    {%- for row in run_query('describe query ' ~ sql).rows -%}
        {%- do columns.append({'name': row[0], 'data_type': row[1], 'formatted': row[0] ~ ' ' ~ row[1]}) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{% endmacro %}


{# What a contract calls a binary float by SQL's name; Spark knows its first word only. #}
{% macro spark__cast(field, type) -%}
    cast({{ field }} as {{ 'double' if type == 'double precision' else type }})
{%- endmacro %}
