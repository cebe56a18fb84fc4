{# A relation with one row for every item of a JSON list in a column: all its columns, the item as JSON, and item_position from 1 on. A row
   whose list is empty, or no list, is not there. #}
{% macro json_items(relation, column, physical_type) -%}
    {{ return(adapter.dispatch('json_items', 'crm_segmentation')(relation, column, physical_type)) }}
{%- endmacro %}


{% macro default__json_items(relation, column, physical_type) -%}
    {%- set list = crm_segmentation.as_json('parents.' ~ column, physical_type) -%}
    (
        select
            parents.*,
            items.item,
            items.item_position

        from {{ relation }} as parents

        cross join lateral jsonb_array_elements(
            case when jsonb_typeof({{ list }}) = 'array' then {{ list }} else cast('[]' as jsonb) end
        ) with ordinality as items (item, item_position)
    ) as listed
{%- endmacro %}


{% macro duckdb__json_items(relation, column, physical_type) -%}
    {%- set list = "json_extract(" ~ crm_segmentation.as_json('parents.' ~ column, physical_type) ~ ", '$[*]')" -%}
    (
        select
            parents.*,
            unnest({{ list }}) as item,
            generate_subscripts({{ list }}, 1) as item_position

        from {{ relation }} as parents
    ) as listed
{%- endmacro %}


{% macro spark__json_items(relation, column, physical_type) -%}
    (
        select
            parents.*,
            items.item,
            items.position + 1 as item_position

        from {{ relation }} as parents

        lateral view posexplode(from_json({{ crm_segmentation.as_json('parents.' ~ column, physical_type) }}, 'array<string>')) items as position, item
    ) as listed
{%- endmacro %}


{% macro snowflake__json_items(relation, column, physical_type) -%}
    {%- set list = crm_segmentation.as_json('parents.' ~ column, physical_type) -%}
    (
        select
            parents.*,
            items.value as item,
            items.index + 1 as item_position

        from {{ relation }} as parents

        cross join lateral flatten(input => case when is_array({{ list }}) then {{ list }} end) as items
    ) as listed
{%- endmacro %}


{% macro trino__json_items(relation, column, physical_type) -%}
    {%- set list = crm_segmentation.as_json('parents.' ~ column, physical_type) -%}
    (
        select
            parents.*,
            items.item,
            items.item_position

        from {{ relation }} as parents

        cross join unnest(try(cast({{ list }} as array(json)))) with ordinality as items (item, item_position)
    ) as listed
{%- endmacro %}


{% macro bigquery__json_items(relation, column, physical_type) -%}
    (
        select
            parents.*,
            item,
            items_before + 1 as item_position

        from {{ relation }} as parents

        cross join unnest(json_query_array({{ crm_segmentation.as_json('parents.' ~ column, physical_type) }})) as item with offset as items_before
    ) as listed
{%- endmacro %}
