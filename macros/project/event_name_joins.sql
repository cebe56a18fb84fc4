{# Joins that give the rows of a relation their event in vocabulary, by their source_system and source_event_name. What a system's own
   row of event_names says goes before what one for all systems says. own_names and common_names are both event_names. #}
{% macro event_name_joins(rows) -%}
left join own_names
        on
            {{ rows }}.source_system = {{ crm_segmentation.tidy_source_system('own_names.source_system') }}
            and {{ rows }}.source_event_name = own_names.source_event_name

    left join common_names
        on common_names.source_system = '*' and {{ rows }}.source_event_name = common_names.source_event_name

    left join vocabulary
        on coalesce(own_names.event_name, common_names.event_name, {{ rows }}.source_event_name) = vocabulary.event_name
{%- endmacro %}
