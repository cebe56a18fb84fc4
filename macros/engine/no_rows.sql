{# The end of a select from nothing that is to have columns and no row. #}
{% macro no_rows() -%}
    {{ return(adapter.dispatch('no_rows', 'crm_segmentation')()) }}
{%- endmacro %}


{% macro default__no_rows() -%}
    where 1 = 0
{%- endmacro %}


{# A condition wants something to select from there. #}
{% macro bigquery__no_rows() -%}
    from (select 1 as one) where 1 = 0
{%- endmacro %}
