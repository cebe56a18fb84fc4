{# Whether a BI tool may read a model: it is public and holds no personal data. Nothing else is granted, and nothing else is
   copied for a BI tool; examples/publish/for_bi.py reads the same from the manifest. #}
{% macro is_for_bi(node) %}
    {{- return(node.resource_type == 'model' and node.access == 'public' and 'contains_pii' not in node.tags) -}}
{% endmacro %}


{# Where this project's relations stand: its schemas, the failed rows of stored tests included; schema.relation of what a BI
   tool may read; and schema.relation of other packages, which grant for themselves. #}
{% macro relations_by_reader() %}
    {%- set found = {'schemas': [], 'for_bi': [], 'of_others': []} -%}
    {%- for node in graph.nodes.values() if node.schema and node.resource_type in ['model', 'seed', 'snapshot', 'test'] -%}
        {%- set name = node.schema ~ '.' ~ (node.alias or node.name) -%}
        {%- if node.package_name != 'crm_segmentation' -%}
            {%- do found.of_others.append(name) -%}
        {%- else -%}
            {%- do found.schemas.append(node.schema) if node.schema not in found.schemas -%}
            {%- do found.for_bi.append(name) if crm_segmentation.is_for_bi(node) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}
