{% macro explode_texts(relation, keys, texts, column_name) -%}
    {{ return(adapter.dispatch('explode_texts', 'crm_segmentation')(relation, keys, texts, column_name)) }}
{%- endmacro %}


{% macro default__explode_texts(relation, keys, texts, column_name) %}
    select
        {{ keys | join(', ') }},
        {{ column_name }}

    from {{ relation }}

    cross join lateral unnest(array[
        {{ texts | join(',\n        ') }}
    ]) as exploded ({{ column_name }})

    where {{ column_name }} is not null
{% endmacro %}


{# The filter inside the list keeps the nulls from becoming rows. #}
{% macro duckdb__explode_texts(relation, keys, texts, column_name) %}
    select
        {{ keys | join(', ') }},
        unnest(list_filter([
            {{ texts | join(',\n            ') }}
        ], lambda text: text is not null)) as {{ column_name }}

    from {{ relation }}
{% endmacro %}


{% macro spark__explode_texts(relation, keys, texts, column_name) %}
    select
        {{ keys | join(', ') }},
        {{ column_name }}

    from {{ relation }}

    lateral view explode(array_compact(array(
        {{ texts | join(',\n        ') }}
    ))) exploded as {{ column_name }}
{% endmacro %}


{% macro bigquery__explode_texts(relation, keys, texts, column_name) %}
    select
        {{ keys | join(', ') }},
        {{ column_name }}

    from {{ relation }}

    cross join unnest([
        {{ texts | join(',\n        ') }}
    ]) as {{ column_name }}

    where {{ column_name }} is not null
{% endmacro %}


{% macro snowflake__explode_texts(relation, keys, texts, column_name) %}
    select
        {{ keys | join(', ') }},
        cast(exploded.value as varchar) as {{ column_name }}

    from {{ relation }}

    cross join lateral flatten(input => array_construct_compact(
        {{ texts | join(',\n        ') }}
    )) as exploded
{% endmacro %}


{% macro trino__explode_texts(relation, keys, texts, column_name) %}
    select
        {{ keys | join(', ') }},
        {{ column_name }}

    from {{ relation }}

    cross join unnest(array[
        {{ texts | join(',\n        ') }}
    ]) as exploded ({{ column_name }})

    where {{ column_name }} is not null
{% endmacro %}
