{# The tables that a model reads as they are, each as a common table expression. models: its name to that of the model. The next common
   table expression follows. #}
{% macro imports(models) -%}
    {%- for name, model in models.items() %}
{{ name }} as (

    select * from {{ ref('crm_segmentation', model) }}

),
{{ '\n' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
