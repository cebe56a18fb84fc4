{# Stops the run when dbt took a model of the project that installs this one for one of ours of the same name. Models name the package in
   each ref; a data test gets its model from dbt, which looks in the host first. The raw tables that raw_models_from asks for are meant. #}
{% macro check_references() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set problems = [] -%}
    {%- for node in graph.nodes.values() if node.package_name == 'crm_segmentation' -%}
        {%- for parent in node.depends_on.nodes or [] -%}
            {%- set package, name = parent.split('.')[1], parent.split('.')[2] -%}
            {%- if package != 'crm_segmentation' and not (package == var('raw_models_from') and name in var('raw_tables')) -%}
                {%- do problems.append(node.name ~ " reads " ~ name ~ " of " ~ package) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if problems -%}
        {{- exceptions.raise_compiler_error(
            "Tests of crm_segmentation look at models of your project that have the names of ours. Write"
            ~ " require_ref_searches_node_package_before_root: true under flags: in your dbt_project.yml, then run again. Found:\n  - "
            ~ problems | sort | join("\n  - ")
        ) -}}
    {%- endif -%}
{% endmacro %}
