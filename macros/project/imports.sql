{# The tables that a model reads as they are, each as a common table expression. models: its name to that of the model, or to a list of
   the model and the condition by which its rows are read. The next common table expression follows. #}
{% macro imports(models) -%}
    {%- for name, model in models.items() %}
{{ name }} as (

    select * from {{ ref('crm_segmentation', model if model is string else model[0]) }}
    {{- '' if model is string else '\n    where ' ~ model[1] }}

),
{{ '\n' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
