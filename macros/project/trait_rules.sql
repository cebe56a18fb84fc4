{# The variables and seeds that stand behind a trait, beside those behind all of them, as its YAML says under config.meta. #}
{% macro trait_rules(trait) %}
    {%- set node = crm_segmentation.model_node('contact_traits') if execute else none -%}
    {%- set column = (node.columns if node else {}).get(trait) -%}
    {{- return((column.get('config') or {}).get('meta') or column.get('meta') or {} if column else {}) -}}
{% endmacro %}


{# What variables and seeds say, one text each, in order of their names: the value, or the checksum of the file. #}
{% macro rule_settings(rules, changed={}) %}
    {%- set settings = [] -%}
    {%- for rule in rules -%}
        {%- for name in rule.get('variables') or [] -%}
            {%- do settings.append(name ~ ' = ' ~ changed.get(name, var(name))) -%}
        {%- endfor -%}
        {%- for name in rule.get('seeds') or [] -%}
            {%- set seed = (graph.get('nodes') or {}).get('seed.crm_segmentation.' ~ name) -%}
            {%- do settings.append(name ~ '.csv = ' ~ changed.get(name, seed.checksum.checksum if seed else '')) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(settings | unique | sort) -}}
{% endmacro %}


{# Names of traits that are made of two words: each first with each second, the first words in their order. #}
{% macro each_with_each(firsts, seconds) -%}
    {%- set names = [] -%}
    {%- for first in firsts -%}
        {%- for second in seconds -%}
            {%- do names.append(first ~ '_' ~ second) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(names) -}}
{%- endmacro %}
