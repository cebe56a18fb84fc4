{# The value of one entry of a list of keys and values, such as [{"key": "page", "value": {"string_value": "/", "int_value": null}}], as a
   text: of the types that a value may have, the one that is there. Null where no entry has the key. #}
{% macro json_entry(expression, physical_type, key) -%}
    {%- set value = crm_segmentation.json_entry_value(expression, physical_type, key) -%}
    {%- set values = [] -%}
    {%- for type in ['string_value', 'int_value', 'double_value', 'float_value'] -%}
        {%- do values.append(crm_segmentation.json_value(value, 'json', [type])) -%}
    {%- endfor -%}
    coalesce({{ values | join(', ') }})
{%- endmacro %}


{# That value as JSON. #}
{% macro json_entry_value(expression, physical_type, key) -%}
    {{ return(adapter.dispatch('json_entry_value', 'crm_segmentation')(expression, physical_type, key)) }}
{%- endmacro %}


{% macro default__json_entry_value(expression, physical_type, key) -%}
    jsonb_path_query_first({{ crm_segmentation.as_json(expression, physical_type) }}, '$[*] ? (@.key == "{{ key }}").value')
{%- endmacro %}


{% macro duckdb__json_entry_value(expression, physical_type, key) -%}
    json_extract(
        (
            [
                entry
                for entry in json_extract({{ crm_segmentation.as_json(expression, physical_type) }}, '$[*]')
                if json_extract_string(entry, '$.key') = '{{ key }}'
            ]
        )[1],
        '$.value'
    )
{%- endmacro %}


{# Not element_at, which stops the query where no entry has the key. #}
{% macro spark__json_entry_value(expression, physical_type, key) -%}
    get_json_object(
        get(
            filter(
                from_json({{ crm_segmentation.as_json(expression, physical_type) }}, 'array<string>'),
                entry -> get_json_object(entry, '$.key') = '{{ key }}'
            ),
            0
        ),
        '$.value'
    )
{%- endmacro %}


{% macro snowflake__json_entry_value(expression, physical_type, key) -%}
    get(filter(as_array({{ crm_segmentation.as_json(expression, physical_type) }}), entry -> cast(get(entry, 'key') as varchar) = '{{ key }}')[0], 'value')
{%- endmacro %}


{% macro trino__json_entry_value(expression, physical_type, key) -%}
    {%- set list = crm_segmentation.as_json(expression, physical_type) %}
    json_extract(
        element_at(
            filter(
                case when json_array_length({{ list }}) is not null then cast({{ list }} as array(json)) end,
                entry -> json_extract_scalar(entry, '$.key') = '{{ key }}'
            ),
            1
        ),
        '$.value'
    )
{%- endmacro %}


{% macro bigquery__json_entry_value(expression, physical_type, key) -%}
    (
        select json_query(entry, '$.value')
        from unnest(json_query_array({{ crm_segmentation.as_json(expression, physical_type) }})) as entry
        where json_value(entry, '$.key') = '{{ key }}'
        limit 1
    )
{%- endmacro %}
