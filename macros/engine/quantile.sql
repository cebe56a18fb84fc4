{% macro quantile(measure, share) -%}
    {{ return(adapter.dispatch('quantile', 'crm_segmentation')(measure, share)) }}
{%- endmacro %}


{% macro default__quantile(measure, share) -%}
    percentile_cont({{ share }}) within group (order by cast({{ measure }} as double precision))
{%- endmacro %}


{% macro duckdb__quantile(measure, share) -%}
    quantile_cont(cast({{ measure }} as double), {{ share }})
{%- endmacro %}


{% macro spark__quantile(measure, share) -%}
    percentile(cast({{ measure }} as double), {{ share }})
{%- endmacro %}
