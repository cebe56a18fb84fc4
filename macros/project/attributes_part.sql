{# The attributes of a wide table, one row for each: of every column that no column of the YAML is read from, its name and what stands
   there. The other columns of the YAML are keys and dates, by their paths. #}
{% macro attributes_part(instance, landed) %}
    {%- set values, attributes, taken, separator = crm_segmentation.landed_values(instance, landed), [], [], 'chr(31)' -%}
    {%- for column in model.columns.values() -%}
        {%- for path in crm_segmentation.paths_of(instance, column) if path | lower in landed.physical -%}
            {%- do taken.append(landed.physical[path | lower].name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for column in landed.physical.values() | unique(attribute='name') if column.name not in taken and not column.name.startswith('_') -%}
        {%- set text = crm_segmentation.tidy_text(crm_segmentation.landed_cast(adapter.quote(column.name), column.dtype, 'text') | trim) -%}
        {%- do attributes.append(dbt.concat([crm_segmentation.sql_text(column.name | lower), separator, text])) -%}
    {%- endfor -%}
    {%- set keys = [] -%}
    {%- for value in values -%}
        {%- do keys.append(value.sql ~ ' as ' ~ value.name) -%}
    {%- endfor -%}
    select
        cast({{ crm_segmentation.sql_text(instance.source_system) }} as {{ dbt.type_string() }}) as source_system,
        {%- for column in model.columns.values() if column.name not in ['attribute_name', 'attribute_value'] %}
        {%- set of_column = values | selectattr('column', 'equalto', column.name) | list %}
        {%- if of_column %}
        {{ crm_segmentation.first_landed_value(of_column, column) }} as {{ column.name }},
        {%- else %}
        cast(null as {{ crm_segmentation.landed_type(column.data_type) }}) as {{ column.name }},
        {%- endif %}
        {%- endfor %}
        split_part(attribute, {{ separator }}, 1) as attribute_name,
        split_part(attribute, {{ separator }}, 2) as attribute_value,
        cast(null as timestamp) as loaded_at

    from (
        {{ crm_segmentation.explode_texts(landed.relation, keys or ['1 as nobody'], attributes or ['cast(null as ' ~ dbt.type_string() ~ ')'], 'attribute') }}
    ) as attributes_of_people
{% endmacro %}
