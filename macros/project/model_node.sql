{# A model of this project as the graph has it: its columns, its config.meta. None where there is no graph to look in, as
   while parsing and in unit tests. #}
{% macro model_node(name) %}
    {{- return((graph.get('nodes') or {}).get('model.crm_segmentation.' ~ name)) -}}
{% endmacro %}


{# What a model's YAML holds under config.meta; nothing where there is no graph. #}
{% macro model_meta(name) %}
    {%- set node = crm_segmentation.model_node(name) if execute else none -%}
    {{- return(node.config.meta if node else {}) -}}
{% endmacro %}


{# The table or view of a model as the database has it now; none where it has none. For what reads it without standing on it. #}
{% macro stored_relation(name) %}
    {%- set node = crm_segmentation.model_node(name) if execute else none -%}
    {{- return(adapter.get_relation(node.database, node.schema, node.alias) if node else none) -}}
{% endmacro %}
